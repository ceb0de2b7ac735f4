"""A ticket in its customer's words: who has the ball, what they do, the steps, the moment of the next news."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from servicedesk.portal.steps import Ball, Step, general_steps
from servicedesk.templatetags.ui import day
from tickets.models import Category, SlaTarget, Ticket
from tickets.queries.next_news import next_news

# Whoever is asked, we keep at it.
_OURS: tuple[Ball, ...] = ("us", "other")
_BALLS: dict[str, Ball] = {
    Category.NEW: "us",
    Category.OPEN: "us",
    Category.ON_HOLD: "other",
    Category.WAITING_CUSTOMER: "you",
    Category.SOLVED: "check",
    Category.CLOSED: "over",
    Category.VOID: "over",
}
_ICONS: dict[Ball, str] = {
    "us": "icon:progress",
    "you": "icon:hand-stop",
    "other": "icon:hourglass",
    "check": "icon:check",
    "over": "icon:circle-check",
}


@dataclass(frozen=True)
class Standing:
    """Where a request stands. `when` is a moment, `when_words` say what happens then, `next` what comes after this."""

    ball: Ball
    icon: str
    label: str
    who: str
    doing: str
    next: str
    when: datetime | None
    when_words: str
    is_late: bool
    steps: tuple[Step, ...]


def standing(ticket: Ticket, now: datetime) -> Standing:
    """The whole truth for the customer, without clocks, internal statuses or people's ranks."""
    ball = _BALLS[ticket.status.category]
    if ball == "check" and (ticket.confirmed_at is not None or not ticket.may_be_reopened(now)):
        ball = "over"
    when, when_words = _moment(ticket, ball, now)
    return Standing(
        ball=ball,
        icon=_ICONS[ball],
        label=_label(ticket, ball),
        who=ticket.assignee.name if ticket.assignee and ball in _OURS else "",
        doing=_doing(ticket, ball),
        next=_next(ticket, ball),
        when=when,
        when_words=when_words,
        is_late=ball in _OURS and when is not None and when < now,
        steps=general_steps(ticket, ball),
    )


def _label(ticket: Ticket, ball: Ball) -> str:
    if ball == "over":
        return _("Withdrawn") if ticket.withdrawn_at else _("Done")
    return ticket.status.portal_label


def _doing(ticket: Ticket, ball: Ball) -> str:
    if ball == "you":
        return _("We need your answer to go on")
    if ball == "check":
        return _("We think it is solved. Please tell us if it is not")
    if ball == "over":
        return _over(ticket)
    if ball == "other":
        return _("We wait for somebody else and keep at it")
    if ticket.assignee is None:
        return _("We have it and will answer")
    if ticket.first_reply_at is None:
        return _("Has read it and is looking into it")
    return _("Is working on it")


def _over(ticket: Ticket) -> str:
    if ticket.withdrawn_at is not None:
        return _("You withdrew this request")
    return _("You confirmed that it is solved") if ticket.confirmed_at else _("This request is finished")


def _next(ticket: Ticket, ball: Ball) -> str:
    if ball == "you":
        return _("As soon as you answer, we go on.")
    if ball == "other":
        return _("When they answer, we go on and tell you. There is nothing that you need to do.")
    if ball == "check" and ticket.solved_at is not None:
        last = ticket.solved_at + timedelta(days=ticket.type.reopen_days)
        return _("If we hear nothing by %(day)s, we take it as solved.") % {"day": day(last)}
    if ball == "over":
        return ""
    if ticket.first_reply_at is None:
        return _("A person reads it and answers you here and by mail.")
    return _("When we have a solution, we ask you whether it works.")


def _moment(ticket: Ticket, ball: Ball, now: datetime) -> tuple[datetime | None, str]:
    if ball == "you":
        return ticket.last_event_at, _("we asked you")
    if ticket.withdrawn_at is not None:
        return ticket.withdrawn_at, _("withdrawn")
    if ball in ("check", "over"):
        return ticket.closed_at or ticket.solved_at, _("solved")
    news = next_news(ticket)
    if news is None or news.due_at is None:
        return None, ""
    late = news.due_at < now
    if news.metric == SlaTarget.Metric.RESOLUTION:
        return news.due_at, _("solution was promised, we are late") if late else _("solution promised")
    return news.due_at, _("news was promised, we are late") if late else _("next news promised")
