"""The steps of a request as its customer reads them: the stages of its loop, or five that fit everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from tickets.models import Ticket
from tickets.queries.stages import category_of
from tickets.stage_flow import Stage

# us, you, somebody else whom we asked, please check, over
Ball = Literal["us", "you", "other", "check", "over"]


@dataclass(frozen=True)
class Step:
    """One station of a request: done, now, or still to come ("")."""

    words: str
    state: Literal["done", "now", ""]


def general_steps(ticket: Ticket, ball: Ball) -> tuple[Step, ...]:
    """The five steps of a request whose type has no stages."""
    words = (
        _("Received"),
        _("Read by a person"),
        _("Waiting for you") if ball == "you" else _("Being worked on"),
        _("Solved"),
        _("You confirm"),
    )
    if ticket.withdrawn_at is not None:
        return (Step(words[0], "done"), Step(_("Withdrawn"), "done"))
    return _marked(words, _general_now(ticket, ball))


def stage_steps(ticket: Ticket, ball: Ball) -> tuple[Step, ...]:
    """The stages that have a wording for customers; empty for a request without any."""
    last = ticket.visits.select_related("version").last()
    if last is None or ticket.withdrawn_at is not None:
        return ()
    flow = last.version.read()
    line = flow.for_category(category_of(ticket, flow))
    shown = [stage for stage in line if stage.portal_label]
    if not shown:
        return ()
    words = (_("Received"), *(stage.portal_label for stage in shown))
    return _marked(words, len(words) if ball == "over" else _stage_now(line, shown, ticket.stage or last.stage))


def _stage_now(line: Sequence[Stage], shown: Sequence[Stage], code: str) -> int:
    """The place of the last shown stage that began, one more than that of what was received."""
    codes = [stage.code for stage in line]
    reached = codes[: codes.index(code) + 1] if code in codes else []
    return sum(1 for stage in shown if stage.code in reached)


def _general_now(ticket: Ticket, ball: Ball) -> int:
    if ball == "over":
        return 5
    if ball == "check":
        return 4
    if ball == "you" or ticket.first_reply_at is not None:
        return 2
    return 1 if ticket.assignee_id else 0


def _marked(words: Sequence[str], now: int) -> tuple[Step, ...]:
    return tuple(Step(text, _state(place, now)) for place, text in enumerate(words))


def _state(place: int, now: int) -> Literal["done", "now", ""]:
    if place == now:
        return "now"
    return "done" if place < now else ""
