"""The report on the way of the calls: how far they got, which steps of a menu they took, how waits were foretold."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.models import Queue
from servicedesk.supervisor.figures import Question
from telephony.models import CallFlow
from telephony.queries.call_flow import (
    CallbackFigures,
    FlowStep,
    Journey,
    callback_figures,
    flow_steps,
    journey,
    walks_of,
)
from telephony.queries.estimate_error import EstimateError, estimate_errors

WAYS: tuple[tuple[str, Promise, int], ...] = (
    ("entered", _("Came in"), 0),
    ("left_in_menu", _("Hung up in the menu"), 1),
    ("self_served", _("Served by the menu"), 1),
    ("forwarded", _("Sent to another number"), 1),
    ("voicemail", _("Left a message"), 1),
    ("queued", _("Entered a queue"), 1),
    ("answered", _("Answered"), 2),
    ("left_waiting", _("Hung up while waiting"), 2),
    ("left_ringing", _("Hung up while it rang at an agent"), 2),
    ("overflowed", _("Sent on by an overflow rule"), 2),
    ("callback", _("Asked to be called back"), 2),
    ("failed", _("Failed"), 1),
)


@dataclass(frozen=True)
class Way:
    """So many calls went this way; `share` is of all that came in, None when none did."""

    label: Promise
    depth: int
    calls: int
    share: float | None


@dataclass(frozen=True)
class CallFlowReport:
    """The page: ways of all calls, steps of each flow, callbacks, and how far estimates were off by queue."""

    ways: list[Way]
    flows: list[tuple[CallFlow, list[FlowStep]]]
    callbacks: CallbackFigures
    errors: list[tuple[Queue, EstimateError]]


def call_flow_of(question: Question) -> CallFlowReport:
    """The answer, read from sums of quarter hours; what is owed, from the calls back themselves."""
    queues, period = question.asked_queues, question.period
    walked = walks_of(queues, period.start, period.end, unplaced=question.chosen is None)
    errors = estimate_errors(queues, since=period.start, until=period.end)
    return CallFlowReport(
        ways=_ways(journey(walked)),
        flows=flow_steps(walked),
        callbacks=callback_figures(queues, period.start, period.end),
        errors=[(queue, errors[queue.pk]) for queue in queues if queue.pk in errors],
    )


def _ways(found: Journey) -> list[Way]:
    whole = found.entered
    counted = [(label, depth, getattr(found, name)) for name, label, depth in WAYS]
    return [Way(label, depth, calls, calls / whole if whole else None) for label, depth, calls in counted]
