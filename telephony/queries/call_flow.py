"""What became of the calls that came in: from the first greeting to their end, from sums of quarter hours."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Q, Sum

from crmcore.models import Queue
from telephony.flows.outline import Row, outline, way_label
from telephony.models import Callback, CallFlow, CallQuarter
from telephony.states import CallOutcome

COUNTED = ("calls", "queued", "answered", "left_ringing", "overflowed")


@dataclass(frozen=True)
class Walk:
    """So many calls ended alike: at this step of this flow (by id; None without one), with this outcome."""

    flow: int | None
    node: str
    outcome: str
    calls: int
    queued: int
    answered: int
    left_ringing: int
    overflowed: int


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


def walks_of(queues: Iterable[Queue], start: datetime, end: datetime, *, unplaced: bool) -> list[Walk]:
    """Calls that came in for these queues; `unplaced` adds those that no queue and no number place anywhere."""
    listed = list(queues)
    reach = Q(queue__in=listed) | Q(queue=None, line__queue__in=listed)
    if unplaced:
        reach |= Q(queue=None, line__queue=None)
    came_in = CallQuarter.objects.filter(reach, start__gte=start, start__lt=end).order_by()
    return [Walk(*row) for row in came_in.values_list("flow", "node", "outcome").annotate(*map(Sum, COUNTED))]


def journey(walks: Iterable[Walk]) -> Journey:
    """The calls by how far they got."""
    ended, reached = Counter[str](), Counter[str]()
    for walk in walks:
        ended[walk.outcome] += walk.calls
        reached.update({name: getattr(walk, name) for name in COUNTED})
    return Journey(
        entered=reached["calls"],
        left_in_menu=ended[CallOutcome.IVR_ABANDON],
        self_served=ended[CallOutcome.SELF_SERVED],
        forwarded=ended[CallOutcome.FORWARDED],
        voicemail=ended[CallOutcome.VOICEMAIL],
        queued=reached["queued"],
        answered=reached["answered"],
        left_waiting=ended[CallOutcome.ABANDONED] - reached["left_ringing"],
        left_ringing=reached["left_ringing"],
        overflowed=reached["overflowed"],
        callback=ended[CallOutcome.CALLBACK],
        failed=ended[CallOutcome.FAILED],
    )


def flow_steps(walks: Iterable[Walk]) -> list[tuple[CallFlow, list[FlowStep]]]:
    """Each flow that calls walked through, step by step, drawn as its version in use."""
    of_flow: dict[int, list[Walk]] = {}
    for walk in walks:
        if walk.flow is not None:
            of_flow.setdefault(walk.flow, []).append(walk)
    flows = CallFlow.objects.filter(pk__in=of_flow).order_by("name", "pk")
    return [(flow, _steps(flow, of_flow[flow.pk])) for flow in flows]


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


def _steps(flow: CallFlow, walks: Iterable[Walk]) -> list[FlowStep]:
    version = flow.in_use or flow.draft
    if version is None:
        return []
    ended, left = Counter[str](), Counter[str]()
    for walk in walks:
        ended[walk.node] += walk.calls
        left[walk.node] += walk.calls if walk.outcome == CallOutcome.IVR_ABANDON else 0
    tree = version.read()
    nodes = [(row, row.node.id) for row in outline(tree) if row.node is not None and not row.is_reference]
    below: dict[str, list[str]] = {}
    for row, node in nodes:
        below.setdefault(row.at, []).append(node)

    def came(node: str) -> int:
        return ended[node] + sum(came(child) for child in below.get(node, ()))

    return [FlowStep(row, way_label(tree, row), came(node), ended[node], left[node]) for row, node in nodes]
