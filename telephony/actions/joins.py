"""Legs coming, breaking and coming back; a call is in conversation only while both parties joined."""

from datetime import datetime, timedelta

from crmcore.actions import presence
from crmcore.models.presence import SystemState
from telephony.actions.announcements import announce_call
from telephony.actions.commands import order, ref_of
from telephony.actions.dialling import dial_customer, is_to_be_dialled
from telephony.actions.distribution import distribute_soon
from telephony.actions.missed import settle_missed
from telephony.actions.owed_calls import settle_callbacks
from telephony.actions.parked import end_parking
from telephony.actions.parties import arrange
from telephony.actions.queueing import leave_queue
from telephony.actions.recording import begin_recording, note_told
from telephony.actions.transitions import LONGEST_CALL, move_call
from telephony.models import Call, CallLeg, Offer, ParkedCall
from telephony.providers.base import DropLeg, RedirectCaller
from telephony.queries.recording_notice import notice_due
from telephony.states import (
    BEING_DIALLED,
    IN_CONVERSATION,
    LIVE_WITH_AGENT,
    SIDE_LEGS,
    CallState,
    EntryEnd,
    LegKind,
    LegState,
    OfferState,
)

JOIN_WITHIN = timedelta(seconds=8)
STILL_WAITING = frozenset({CallState.NEW, CallState.IVR, CallState.QUEUED, CallState.OFFERING, CallState.PARKED})
MEETING = BEING_DIALLED | {CallState.CONNECTING}
TAKES_A_CALL = frozenset(SystemState.values) - {SystemState.ON_CONTACT}


def customer_leg(call: Call) -> CallLeg:
    """The customer's leg, which every call has from its beginning."""
    return CallLeg.objects.get(call=call, kind=LegKind.CUSTOMER)


def open_agent_leg(call: Call) -> CallLeg | None:
    """The leg of the agent who is in the call or on the way into it."""
    return CallLeg.objects.filter(call=call, kind=LegKind.AGENT).exclude(state=LegState.LEFT).first()


def agent_joined(call: Call, leg: CallLeg, *, now: datetime, external_id: str = "", stale: bool = False) -> None:
    """The agent's audio is in the room: fetch the caller, or take up the conversation again after a broken line.

    `stale`: newer evidence says that the leg has broken since; only the fact that it was there is noted.
    """
    line_before = leg.external_id
    came_back = _note_join(leg, leg.state != LegState.LEFT, now=now, external_id=external_id, stale=stale)
    if leg.state == LegState.LEFT:
        order(call, DropLeg(ref_of(call), leg.pk, leg.external_id), now=now)
    elif call.state in MEETING and leg.is_present:
        _fetch_customer(call, leg, now)
        _talk_if_both_joined(call, now=now)
    elif leg.kind in SIDE_LEGS:
        _came_aside(call, leg, now=now)
    elif line_before != leg.external_id:
        # Whoever whispers still speaks to the line that broke.
        arrange(call, now=now)
    elif came_back:
        announce_call(call)


def _fetch_customer(call: Call, leg: CallLeg, now: datetime) -> None:
    """Bring the customer to the agent: from where they wait, or by calling them."""
    if is_to_be_dialled(call):
        dial_customer(call, leg, now=now)
    elif call.state == CallState.CONNECTING:
        # Who has not been told of the recording is told on the way.
        untold = notice_due(call)
        deadline = now + JOIN_WITHIN + timedelta(seconds=untold.seconds if untold else 0)
        Call.objects.filter(pk=call.pk).update(state_deadline=deadline)
        presence.prolong(leg.staff.pk, SystemState.CONNECTING, until=deadline)
        order(call, RedirectCaller(ref_of(call), leg.pk), now=now)


def _came_aside(call: Call, leg: CallLeg, *, now: datetime) -> None:
    """A colleague or supervisor is in the room: heard by whom the arrangement says."""
    Offer.objects.filter(leg=leg, state=OfferState.ACCEPTED).update(state=OfferState.CONNECTED, connected_at=now)
    presence.set_system(leg.staff.pk, {SystemState.CONNECTING}, SystemState.ON_CONTACT)
    arrange(call, now=now)


def customer_joined(call: Call, *, now: datetime, external_id: str = "", stale: bool = False) -> None:
    """The customer's audio is in the room."""
    leg = customer_leg(call)
    if call.state in STILL_WAITING:
        _back_in_line(call, leg, now)
        return
    may_join = leg.state != LegState.LEFT and call.state in LIVE_WITH_AGENT
    came_back = _note_join(leg, may_join, now=now, external_id=external_id, stale=stale)
    if call.state in MEETING:
        _talk_if_both_joined(call, now=now)
    elif came_back:
        announce_call(call)


def _back_in_line(call: Call, leg: CallLeg, now: datetime) -> None:
    """Present, but there is no room to be in yet."""
    came_back = leg.lost_at is not None
    leg.last_seen_at, leg.lost_at = now, None
    leg.save(update_fields=["last_seen_at", "lost_at"])
    if came_back:
        announce_call(call)
        distribute_soon(queue=call.queue_id)


def _note_join(leg: CallLeg, may_join: bool, *, now: datetime, external_id: str, stale: bool) -> bool:
    """Write the join on the leg; whether it came back from a broken connection."""
    # Told only after the party has left, it happened before that.
    leg.joined_at = leg.joined_at or min(now, leg.left_at or now)
    if external_id and not (stale and leg.external_id):
        leg.external_id = external_id
    came_back = leg.lost_at is not None and not stale
    if may_join:
        leg.state = LegState.JOINED
    if not stale:
        leg.last_seen_at, leg.lost_at = now, None
    leg.save()
    return came_back


def leg_lost(call: Call, leg: CallLeg, *, now: datetime) -> None:
    """A connection broke; the sweeper ends what does not come back within the grace time."""
    if leg.state == LegState.LEFT or leg.lost_at is not None:
        return
    leg.lost_at = now
    leg.save(update_fields=["lost_at"])
    announce_call(call)


def begin_talk(call: Call, leg: CallLeg, *, now: datetime) -> None:
    """Both parties hear each other."""
    moved = move_call(
        call,
        CallState.TALKING,
        now=now,
        deadline=now + LONGEST_CALL,
        agent=leg.staff,
        answered_at=call.answered_at or now,
    )
    if not moved:
        return
    leave_queue(call, EntryEnd.ANSWERED, now=now)
    end_parking(call, ParkedCall.Left.PICKED_UP, now=now, by=leg.agent_id)
    settle_missed(call, now=now)
    settle_callbacks(call, now=now)
    Offer.objects.filter(call=call, agent=leg.agent_id).exclude(state=OfferState.CLOSED).update(
        state=OfferState.CONNECTED, connected_at=now
    )
    presence.set_system(leg.staff.pk, TAKES_A_CALL, SystemState.ON_CONTACT)
    note_told(call, now=now)
    begin_recording(call, leg, now=now)
    announce_call(call)


def _talk_if_both_joined(call: Call, *, now: datetime) -> None:
    agent, customer = open_agent_leg(call), customer_leg(call)
    if call.state not in IN_CONVERSATION and agent and agent.is_present and customer.is_present:
        begin_talk(call, agent, now=now)
