"""Approvals as people look at them: what waits for them, what they asked for, where a request stands line by line."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language

from crmcore.approval_plan import Needs, PlanStep
from crmcore.approval_subjects import subject_called
from crmcore.models import ApprovalEvent, ApprovalRequest, ApprovalSeat, ApprovalStep, User

SHOWN = 30
COUNTED = 100
SHELVES = ("waiting", "asked", "done", "copies")
State = ApprovalRequest.State


@dataclass(frozen=True)
class Row:
    """A line of a list: the request, and the reader's own seat where an answer is waited for from them."""

    key: int
    request: ApprovalRequest
    seat: ApprovalSeat | None = None


@dataclass(frozen=True)
class Shelf:
    """One page of a list; `older` is the key before which more lie."""

    rows: list[Row]
    older: int | None


@dataclass(frozen=True)
class StepLine:
    """A step of a request: done, now, ahead or left; with whom it asked, or will ask."""

    number: int
    step: PlanStep
    state: str
    seats: list[ApprovalSeat]
    due_at: datetime | None
    is_late: bool

    @property
    def needs(self) -> str:
        """How many must agree, where that is a question at all."""
        if self.seats and len(self.seats) == 1:
            return ""
        return str(Needs(self.step.needs).label) if self.step.needs != Needs.NUMBER else ""


@dataclass(frozen=True)
class EventLine:
    """A line of the story in the reader's words."""

    event: ApprovalEvent
    did: str


@dataclass(frozen=True)
class RequestPage:
    """A request with what its reader may do about it; `url` is empty for who may not see the thing."""

    request: ApprovalRequest
    steps: list[StepLine]
    events: list[EventLine]
    facts: list[tuple[str, str]]
    url: str
    seat: ApprovalSeat | None
    is_own: bool
    copies: list[User]


def waiting_count(user: User) -> int:
    """How many answers are waited for from the person, at most 100."""
    return _waiting(user)[:COUNTED].count()


def shelf(user: User, which: str, before: int | None) -> Shelf:
    """One page of a list of the person's own, the latest first."""
    if which in ("waiting", "done"):
        seats = _waiting(user) if which == "waiting" else _answered(user)
        shown = seats.filter(pk__lt=before) if before else seats
        found = [Row(seat.pk, seat.step.request, seat) for seat in shown[: SHOWN + 1]]
    else:
        rows = ApprovalRequest.objects.filter(**({"asked_by": user} if which == "asked" else {"copied_to": user}))
        rows = rows.select_related("plan", "asked_by").order_by("-pk")
        asked = rows.filter(pk__lt=before) if before else rows
        found = [Row(row.pk, row) for row in asked[: SHOWN + 1]]
    return Shelf(found[:SHOWN], found[SHOWN - 1].key if len(found) > SHOWN else None)


def request_page(request: ApprovalRequest, user: User, now: datetime) -> RequestPage:
    """Everything about one request that the reader may see."""
    seats = ApprovalSeat.objects.filter(step__request=request, user=user, is_waiting=True)
    events = request.events.select_related("by", "to")
    return RequestPage(
        request,
        steps_of(request, now),
        [EventLine(event, _did(event)) for event in events],
        facts_of(request),
        subject_called(request.subject).url(request, user),
        seats.first() if request.state == State.WAITING else None,
        request.asked_by_id == user.pk,
        list(request.copied_to.order_by("name", "pk")),
    )


def steps_of(request: ApprovalRequest, now: datetime) -> list[StepLine]:
    """The steps of its plan, with what became of those that were begun."""
    seats = ApprovalSeat.objects.select_related("user").order_by("pk")
    begun = {row.number: row for row in request.steps.prefetch_related(Prefetch("seats", seats))}
    plan = request.version.read()
    return [_step_line(request, number, step, begun.get(number), now) for number, step in enumerate(plan.steps, 1)]


def facts_of(request: ApprovalRequest) -> list[tuple[str, str]]:
    """What is approved, in the reader's language, as it stood when it was asked."""
    ending = "_zh" if (get_language() or "").startswith("zh") else ""
    return [(fact[f"name{ending}"], fact[f"text{ending}"]) for fact in request.facts]


def requests_about(about: str, user: User) -> "QuerySet[ApprovalRequest]":
    """The requests about one thing, the latest first; the caller may see the thing."""
    rows = ApprovalRequest.objects.visible_to(user).filter(about=about)
    return rows.select_related("plan", "version", "asked_by").order_by("-pk")


def _waiting(user: User) -> "QuerySet[ApprovalSeat]":
    rows = ApprovalSeat.objects.filter(user=user, is_waiting=True, step__request__state=State.WAITING)
    return _with_request(rows)


def _answered(user: User) -> "QuerySet[ApprovalSeat]":
    return _with_request(ApprovalSeat.objects.filter(user=user, answered_at__isnull=False))


def _with_request(rows: "QuerySet[ApprovalSeat]") -> "QuerySet[ApprovalSeat]":
    return rows.select_related("step__request__plan", "step__request__asked_by").order_by("-pk")


def _step_line(
    request: ApprovalRequest, number: int, step: PlanStep, begun: ApprovalStep | None, now: datetime
) -> StepLine:
    if begun is None:
        return StepLine(number, step, "ahead" if request.is_live else "left", [], None, False)
    state = "now" if begun.closed_at is None else "done"
    is_late = state == "now" and request.state == State.WAITING and bool(begun.due_at and begun.due_at < now)
    return StepLine(number, step, state, list(begun.seats.all()), begun.due_at, is_late)


def _did(event: ApprovalEvent) -> str:
    return str(ApprovalEvent.What(event.what).label) % {"name": event.to.name if event.to else "–"}
