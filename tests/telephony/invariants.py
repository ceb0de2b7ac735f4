"""What must hold at every moment, whatever happened: checked over one snapshot of the database."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

from crmcore.models import AgentPresence, AgentSegment
from crmcore.models.presence import Chosen, SystemState
from crmcore.strategies import Strategy
from telephony.call_distribution import match
from telephony.models import Call, CallLeg, Offer, QueueEntry
from telephony.queries.candidates import candidates
from telephony.states import BEING_DIALLED, IN_CONVERSATION, CallState, LegKind, LegState, OfferState

OVERDUE = timedelta(seconds=2)
OFFER_OF = {
    CallState.NEW: None,
    CallState.IVR: None,
    CallState.QUEUED: None,
    CallState.OFFERING: OfferState.PENDING,
    CallState.CONNECTING: OfferState.ACCEPTED,
    CallState.DIALING: OfferState.ACCEPTED,
    CallState.RINGING: OfferState.ACCEPTED,
    CallState.TALKING: OfferState.CONNECTED,
    CallState.HELD: OfferState.CONNECTED,
    CallState.CONSULTING: OfferState.CONNECTED,
    CallState.FORWARDED: None,
    CallState.ENDED: None,
}
SYSTEM_OF = {
    OfferState.PENDING: SystemState.RESERVED,
    OfferState.ACCEPTED: SystemState.CONNECTING,
    OfferState.CONNECTED: SystemState.ON_CONTACT,
}
WAITS = {CallState.QUEUED, CallState.OFFERING, CallState.CONNECTING}


def check(now: datetime, *, overdue: timedelta = OVERDUE) -> None:
    """All that one look at the rows can tell."""
    one_agent_per_call_and_one_call_per_agent()
    offers_calls_and_presences_agree()
    nobody_is_overdue(now, overdue)
    ended_calls_have_nothing_open()
    segments_follow_one_another()


def one_agent_per_call_and_one_call_per_agent() -> None:
    """One holder per call; colleagues and supervisors only beside a holder; nobody in two calls."""
    legs = CallLeg.objects.exclude(kind=LegKind.CUSTOMER).exclude(state=LegState.LEFT)
    per_call = Counter(legs.filter(kind=LegKind.AGENT).values_list("call_id", flat=True))
    assert max(per_call.values(), default=0) <= 1, per_call
    beside = legs.exclude(kind=LegKind.AGENT).exclude(call__state__in=IN_CONVERSATION)
    assert not beside.exclude(kind=LegKind.EXTERNAL, call__state=CallState.FORWARDED), list(beside)
    outside = beside.filter(state=LegState.JOINED).values_list("call_id", flat=True)
    left_outside = Call.objects.filter(state=CallState.FORWARDED).values_list("pk", flat=True)
    assert set(outside) == set(left_outside), (set(outside), set(left_outside))
    legs = legs.exclude(kind=LegKind.EXTERNAL)
    per_agent = Counter(legs.values_list("agent_id", flat=True))
    assert max(per_agent.values(), default=0) <= 1, per_agent
    offers = Counter(Offer.objects.exclude(state=OfferState.CLOSED).values_list("agent_id", flat=True))
    assert max(offers.values(), default=0) <= 1, offers


def offers_calls_and_presences_agree() -> None:
    all_open = Offer.objects.exclude(state=OfferState.CLOSED)
    states = defaultdict(list)
    for offer in all_open.filter(purpose=Offer.Purpose.CALL):
        states[offer.call_id].append(offer.state)
    waiting = set(QueueEntry.objects.filter(left_at=None).values_list("call_id", flat=True))
    for call in Call.objects.select_related("queue"):
        expected_offer = OFFER_OF[CallState(call.state)]
        assert set(states[call.pk]) == ({expected_offer} - {None}), (call, states[call.pk])
        assert len(states[call.pk]) <= 1 or call.queue.strategy == Strategy.RING_ALL, call
        assert len(states[call.pk]) <= 1 or expected_offer == OfferState.PENDING, call
        called_back = call.state in BEING_DIALLED and call.queued_at is not None
        assert (call.pk in waiting) == (call.state in WAITS or called_back), call
    expected = {offer.agent_id: SYSTEM_OF[OfferState(offer.state)] for offer in all_open}
    for leg in CallLeg.objects.filter(kind=LegKind.SUPERVISOR).exclude(state=LegState.LEFT):
        expected[leg.agent_id or 0] = SystemState.ON_CONTACT if leg.joined_at else SystemState.CONNECTING
    for presence in AgentPresence.objects.all():
        held = expected.get(presence.user_id)
        assert (presence.system if presence.system in SYSTEM_OF.values() else None) == held, (presence, held)


def nobody_is_overdue(now: datetime, overdue: timedelta) -> None:
    late = AgentPresence.objects.filter(deadline__lt=now - overdue).exclude(system=SystemState.IDLE)
    assert not late, [(str(presence), presence.deadline, now) for presence in late]
    late_calls = Call.objects.filter(state_deadline__lt=now - overdue).exclude(state=CallState.ENDED)
    assert not late_calls, [(str(call), call.state_deadline, now) for call in late_calls]


def ended_calls_have_nothing_open() -> None:
    assert not Offer.objects.filter(call__state=CallState.ENDED).exclude(state=OfferState.CLOSED)
    assert not CallLeg.objects.filter(call__state=CallState.ENDED).exclude(state=LegState.LEFT)
    assert not QueueEntry.objects.filter(call__state=CallState.ENDED, left_at=None)


def segments_follow_one_another(*, gaps_for: frozenset[int] | None = None) -> None:
    """No overlap; a gap only where the agent was offline; the open slice is what the presence says."""
    slices = defaultdict(list)
    for segment in AgentSegment.objects.order_by("user_id", "started_at", "pk"):
        slices[segment.user_id].append(segment)
    for presence in AgentPresence.objects.all():
        mine = slices[presence.user_id]
        for before, after in pairwise(mine):
            assert before.ended_at is not None and before.ended_at <= after.started_at, (before, after)
            may_gap = gaps_for is None or presence.user_id in gaps_for
            assert may_gap or before.ended_at == after.started_at, (before, after)
        on_duty = presence.chosen != Chosen.OFFLINE or presence.system in SYSTEM_OF.values()
        still_open = [segment for segment in mine if segment.ended_at is None]
        assert len(still_open) == (1 if on_duty or presence.system == SystemState.WRAPUP else 0), presence
        if still_open:
            last = still_open[0]
            assert (last.chosen, last.system) == (presence.chosen, presence.system), (presence, last)


def nobody_waits_while_somebody_could_answer(now: datetime) -> None:
    """No waiting call and idle agent fit each other."""
    found = candidates(now)
    assert not match(found.callers, found.agents)


def ended_calls() -> dict[int, int]:
    """Ended calls with their epoch: both must never change again."""
    return dict(Call.objects.filter(state=CallState.ENDED).values_list("pk", "epoch"))


def still_ended(before: dict[int, int]) -> None:
    now = dict(Call.objects.filter(pk__in=before).values_list("pk", "epoch"))
    assert now == before
    assert not Call.objects.filter(pk__in=before).exclude(state=CallState.ENDED)
