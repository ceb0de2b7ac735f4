"""What happens to a call on a foreign exchange between its ring and its end."""

from datetime import datetime

from crmcore.actions import presence
from crmcore.models import Queue
from crmcore.models.presence import SystemState
from telephony.actions.announcements import announce_call
from telephony.actions.endings import close_legs
from telephony.actions.foreign import agent_answered
from telephony.actions.joins import TAKES_A_CALL, open_agent_leg
from telephony.actions.offers import close_offer
from telephony.actions.queueing import enter_queue, leave_queue
from telephony.actions.transitions import LONGEST_CALL, move_call, waiting_deadline
from telephony.actions.wrap_up import begin_wrap_up
from telephony.models import Call, CallHold, CallLeg, Offer
from telephony.providers.foreign_signals import (
    CallerHeld,
    CallerResumed,
    ForeignSignal,
    PassedToAgent,
    QueueEntered,
    QueueLeft,
    RecordingMade,
)
from telephony.states import IN_CONVERSATION, CallState, EntryEnd, LegKind, LegState, OfferEnd, OfferState

MOST_RECORDINGS = 20


def follow(call: Call, signal: ForeignSignal, *, now: datetime) -> None:
    """Let a locked call follow what its exchange did with it; what makes no sense any more changes nothing."""
    match signal:
        case CallerHeld():
            _held(call, now)
        case CallerResumed():
            _resumed(call, now)
        case PassedToAgent(agent_id=agent_id):
            _passed_on(call, agent_id, now)
        case QueueEntered(queue_id=queue_id):
            _entered_queue(call, queue_id, now)
        case QueueLeft(gave_up=gave_up) if call.state not in IN_CONVERSATION:
            leave_queue(call, EntryEnd.ABANDONED if gave_up else EntryEnd.OVERFLOWED, now=now)
            announce_call(call)
        case RecordingMade(url=url):
            _recorded(call, url)


def _held(call: Call, now: datetime) -> None:
    leg = open_agent_leg(call)
    if call.state != CallState.TALKING or leg is None:
        return
    if move_call(call, CallState.HELD, now=now, deadline=now + LONGEST_CALL):
        CallHold.objects.create(leg=leg, started_at=now)
        announce_call(call)


def _resumed(call: Call, now: datetime) -> None:
    if call.state != CallState.HELD:
        return
    if move_call(call, CallState.TALKING, now=now, deadline=now + LONGEST_CALL):
        CallHold.objects.filter(leg__call=call, ended_at=None).update(ended_at=now)
        announce_call(call)


def _passed_on(call: Call, agent_id: int, now: datetime) -> None:
    """The next agent talks, the one before has a wrap-up to do. Told before the answer, it stands for the answer."""
    if call.state not in IN_CONVERSATION:
        agent_answered(call, agent_id, now=now)
        return
    if call.agent_id == agent_id:
        return
    before = call.agent_id
    _resumed(call, now)
    _let_go(call, now)
    CallLeg.objects.create(
        call=call, kind=LegKind.AGENT, agent_id=agent_id, state=LegState.JOINED, invited_at=now, joined_at=now
    )
    call.agent_id, call.epoch = agent_id, call.epoch + 1
    call.save(update_fields=["agent", "epoch"])
    presence.set_system(agent_id, TAKES_A_CALL, SystemState.ON_CONTACT)
    announce_call(call, also_agent=before)


def _entered_queue(call: Call, queue_id: int, now: datetime) -> None:
    """The caller waits in a queue of the exchange that has ours as its twin, for the first time or passed on."""
    queue = Queue.objects.filter(pk=queue_id, is_active=True).first()
    if queue is None or call.state == CallState.ENDED:
        return
    before = call.agent_id
    if call.state in IN_CONVERSATION:
        _let_go(call, now)
        move_call(call, CallState.NEW, now=now, deadline=waiting_deadline(call, now), agent=None)
        CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER).update(state=LegState.INVITED)
    elif call.queue_id != queue.pk:
        leave_queue(call, EntryEnd.OVERFLOWED, now=now)
    call.queue, call.queued_at = queue, call.queued_at or now
    call.save(update_fields=["queue", "queued_at"])
    enter_queue(call, queue, now=now)
    announce_call(call, also_agent=before)


def _let_go(call: Call, now: datetime) -> None:
    leg = close_legs(call, now=now, only=LegKind.AGENT)
    for offer in Offer.objects.filter(call=call).exclude(state=OfferState.CLOSED):
        close_offer(offer, OfferEnd.COMPLETED, now=now)
    if leg is not None:
        begin_wrap_up(call, leg, now=now)


def _recorded(call: Call, url: str) -> None:
    urls = list(call.context.get("recording_urls", []))
    if url not in urls and len(urls) < MOST_RECORDINGS:
        call.context = {**call.context, "recording_urls": [*urls, url]}
        call.save(update_fields=["context"])
