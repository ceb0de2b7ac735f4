"""A ticket in its customer's words: who has the ball, what they do, the steps, the moment of the next news."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from tickets.models import Category, SlaTarget, Ticket
from tickets.queries.next_news import next_news

Ball = Literal["us", "you", "check", "over"]
_BALLS: dict[str, Ball] = {
    Category.NEW: "us",
    Category.OPEN: "us",
    Category.ON_HOLD: "us",
    Category.WAITING_CUSTOMER: "you",
    Category.SOLVED: "check",
    Category.CLOSED: "over",
    Category.VOID: "over",
}
_ICONS: dict[Ball, str] = {
    "us": "icon:progress",
    "you": "icon:hand-stop",
    "check": "icon:check",
    "over": "icon:circle-check",
}


@dataclass(frozen=True)
class Step:
    """One station of a request: done, now, or still to come ("")."""

    words: str
    state: Literal["done", "now", ""]


@dataclass(frozen=True)
class Standing:
    """Where a request stands. `when` is a moment, `when_words` say what happens then."""

    ball: Ball
    icon: str
    label: str
    who: str
    doing: str
    when: datetime | None
    when_words: str
    is_late: bool
    steps: tuple[Step, ...]


def standing(ticket: Ticket, now: datetime) -> Standing:
    """The whole truth for the customer, without clocks, internal statuses or people's ranks."""
    ball = _BALLS[ticket.status.category]
    if ball == "check" and not ticket.may_be_reopened(now):
        ball = "over"
    when, when_words = _moment(ticket, ball, now)
    return Standing(
        ball=ball,
        icon=_ICONS[ball],
        label=_("Done") if ball == "over" else ticket.status.portal_label,
        who=ticket.assignee.name if ticket.assignee and ball == "us" else "",
        doing=_doing(ticket, ball),
        when=when,
        when_words=when_words,
        is_late=ball == "us" and when is not None and when < now,
        steps=_steps(ticket, ball),
    )


def _doing(ticket: Ticket, ball: Ball) -> str:
    if ball == "you":
        return _("We need your answer to go on")
    if ball == "check":
        return _("We think it is solved. Please tell us if it is not")
    if ball == "over":
        return _("This request is finished")
    if ticket.status.category == Category.ON_HOLD:
        return _("We wait for somebody else and keep at it")
    if ticket.assignee is None:
        return _("We have it and will answer")
    if ticket.first_reply_at is None:
        return _("Has read it and is looking into it")
    return _("Is working on it")


def _moment(ticket: Ticket, ball: Ball, now: datetime) -> tuple[datetime | None, str]:
    if ball == "you":
        return ticket.last_event_at, _("we asked you")
    if ball in ("check", "over"):
        return ticket.closed_at or ticket.solved_at, _("solved")
    news = next_news(ticket)
    if news is None or news.due_at is None:
        return None, ""
    late = news.due_at < now
    if news.metric == SlaTarget.Metric.RESOLUTION:
        return news.due_at, _("solution was promised, we are late") if late else _("solution promised")
    return news.due_at, _("news was promised, we are late") if late else _("next news promised")


def _steps(ticket: Ticket, ball: Ball) -> tuple[Step, ...]:
    words = (
        _("Received"),
        _("Read by a person"),
        _("Waiting for you") if ball == "you" else _("Being worked on"),
        _("Solved"),
        _("You confirm"),
    )
    now = _step_now(ticket, ball)
    return tuple(Step(text, _state(place, now)) for place, text in enumerate(words))


def _state(place: int, now: int) -> Literal["done", "now", ""]:
    if place == now:
        return "now"
    return "done" if place < now else ""


def _step_now(ticket: Ticket, ball: Ball) -> int:
    if ball == "over":
        return 5
    if ball == "check":
        return 4
    if ball == "you" or ticket.first_reply_at is not None:
        return 2
    return 1 if ticket.assignee_id else 0
