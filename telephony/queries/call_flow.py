"""What became of the calls that came in: from the first greeting to their end, counted from the calls themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.fields.json import KT

from crmcore.models import Queue
from telephony.flows.outline import Row, outline, way_label
from telephony.models import Call, Callback, CallFlow, Offer, QueueEntry
from telephony.states import CallOutcome, EntryEnd, OfferEnd


@dataclass(frozen=True)
class Journey:
    """How many calls came in, how far they got and how they ended. A call counts on the day on which it came in."""

    entered: int
    left_in_menu: int
    self_served: int
    forwarded: int
    voicemail: int
    queued: int
    answered: int
    left_waiting: int
    left_ringing: int
    overflowed: int
    callback: int
    failed: int


@dataclass(frozen=True)
class FlowStep:
    """A row of a flow's tree: `came` walked this way, `left` hung up here, `ended` were led no further."""

    row: Row
    label: str
    came: int
    ended: int
    left: int


@dataclass(frozen=True)
class CallbackFigures:
    """Calls that were owed, a channel of their own; `after` is the usual time until the customer was spoken to."""

    asked: int
    spoken: int
    not_reached: int
    called_off: int
    owed: int
    after: timedelta | None


def incoming(queues: Iterable[Queue], start: datetime, end: datetime, *, unplaced: bool) -> QuerySet[Call]:
    """Calls that came in for these queues; `unplaced` adds those that no queue and no number place anywhere."""
    listed = list(queues)
    reach = Q(queue__in=listed) | Q(queue=None, line__queue__in=listed)
    if unplaced:
        reach |= Q(queue=None, line__queue=None)
    return Call.objects.filter(reach, direction=Call.Direction.IN, started_at__gte=start, started_at__lt=end).order_by()


def journey(calls: QuerySet[Call]) -> Journey:
    """The calls by how far they got, in three statements."""
    outcomes = dict(calls.values_list("outcome").annotate(Count("pk")))
    reached = calls.aggregate(entered=Count("pk"), queued=Count("queued_at"), answered=Count("answered_at"))
    lost = calls.filter(outcome=CallOutcome.ABANDONED)
    ringing = Offer.objects.filter(end_reason=OfferEnd.CALLER_LEFT, call__in=lost).aggregate(
        n=Count("call", distinct=True)
    )["n"]
    moved = QueueEntry.objects.filter(left_as=EntryEnd.OVERFLOWED, call__in=calls)
    return Journey(
        **reached,
        left_in_menu=outcomes.get(CallOutcome.IVR_ABANDON, 0),
        self_served=outcomes.get(CallOutcome.SELF_SERVED, 0),
        forwarded=outcomes.get(CallOutcome.FORWARDED, 0),
        voicemail=outcomes.get(CallOutcome.VOICEMAIL, 0),
        left_waiting=outcomes.get(CallOutcome.ABANDONED, 0) - ringing,
        left_ringing=ringing,
        overflowed=moved.aggregate(n=Count("call", distinct=True))["n"],
        callback=outcomes.get(CallOutcome.CALLBACK, 0),
        failed=outcomes.get(CallOutcome.FAILED, 0),
    )


def flow_steps(calls: QuerySet[Call]) -> list[tuple[CallFlow, list[FlowStep]]]:
    """Each flow that calls walked through, step by step, drawn as its version in use."""
    walked = calls.filter(flow_version__isnull=False).annotate(node=KT("menu__node"))
    gave_up = Count("pk", filter=Q(outcome=CallOutcome.IVR_ABANDON))
    rows = walked.values_list("flow_version__flow", "node").annotate(ended=Count("pk"), left=gave_up)
    ends: dict[int, dict[str, tuple[int, int]]] = {}
    for flow, node, ended, left in rows:
        ends.setdefault(flow, {})[node or ""] = (ended, left)
    return [(flow, _steps(flow, ends[flow.pk])) for flow in CallFlow.objects.filter(pk__in=ends).order_by("name", "pk")]


def callback_figures(queues: Iterable[Queue], start: datetime, end: datetime) -> CallbackFigures:
    """The calls promised in this time, by what became of them."""
    owed = Callback.objects.filter(queue__in=list(queues), created_at__gte=start, created_at__lt=end).order_by()
    state = Callback.State
    done = Q(state=state.DONE)
    return CallbackFigures(
        **owed.aggregate(
            asked=Count("pk"),
            spoken=Count("pk", filter=done),
            not_reached=Count("pk", filter=Q(state=state.FAILED)),
            called_off=Count("pk", filter=Q(state=state.CANCELED)),
            owed=Count("pk", filter=Q(state__in=Callback.OPEN)),
            after=Avg(F("closed_at") - F("due_at"), filter=done),
        )
    )


def _steps(flow: CallFlow, ends: dict[str, tuple[int, int]]) -> list[FlowStep]:
    version = flow.in_use or flow.draft
    if version is None:
        return []
    tree = version.read()
    rows = [row for row in outline(tree) if row.node is not None and not row.is_reference]
    below: dict[str, list[str]] = {}
    for row in rows:
        if row.node is not None:
            below.setdefault(row.at, []).append(row.node.id)

    def came(node: str) -> int:
        return ends.get(node, (0, 0))[0] + sum(came(child) for child in below.get(node, ()))

    return [
        FlowStep(row, way_label(tree, row), came(row.node.id), *ends.get(row.node.id, (0, 0)))
        for row in rows
        if row.node is not None
    ]
