"""Wrap-up: the note becomes the ticket's interaction, the outcome acts on the ticket, the agent is ready again."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from crmcore import clock
from crmcore.actions import audit, presence
from crmcore.models import Outcome, Queue, User
from crmcore.models.presence import Chosen, SystemState
from crmcore.permissions import require
from telephony.actions.announcements import announce_call
from telephony.actions.campaign_results import conversation_settled
from telephony.actions.contact_record import record_contact
from telephony.actions.distribution import distribute_soon
from telephony.actions.roll_up import sum_again
from telephony.actions.transitions import MovedOn, lock_call, lock_call_for
from telephony.models import Call, CallLeg, NoteMark
from telephony.states import IN_CONVERSATION

EXTENSION = timedelta(seconds=30)
NOTES_APART = timedelta(seconds=30)
AFTER_CALL = frozenset({SystemState.ON_CONTACT, SystemState.WRAPUP})


class OutcomeNeeded(Exception):
    """The queue asks for an outcome and none was chosen."""


class NoteConflict(Exception):
    """Another tab saved the note meanwhile; `text` and `version` are what stands there."""

    def __init__(self, text: str, version: int) -> None:
        super().__init__(f"note version {version}")
        self.text = text
        self.version = version


def begin_wrap_up(call: Call, leg: CallLeg, *, now: datetime) -> None:
    """The conversation is over: the server's clock runs, whatever becomes of the browser."""
    queue = rules_of(call)
    leg.wrap_up_started_at = now
    if queue.wrap_up_mode == Queue.WrapUpMode.NONE:
        leg.wrap_up_ended_at = now
        record_contact(call, leg, outcome=None)
        leg.save()
        conversation_settled(call, None, now=now)
        presence.set_system(leg.staff.pk, {SystemState.ON_CONTACT}, SystemState.IDLE)
        distribute_soon(agent=leg.agent_id)
        return
    if queue.wrap_up_mode != Queue.WrapUpMode.MANDATORY:
        leg.wrap_up_deadline = now + timedelta(seconds=queue.wrap_up_s)
    leg.save()
    presence.set_system(leg.staff.pk, {SystemState.ON_CONTACT}, SystemState.WRAPUP, deadline=leg.wrap_up_deadline)


def rules_of(call: Call) -> Queue:
    """The queue whose wrap-up rules hold; a call without a queue follows the usual ones."""
    return call.queue or Queue()


@transaction.atomic
def save_note(call_id: int, *, by: User, text: str, version: int) -> int:
    """Store the note if `version` is the one it was typed upon; the new version. Raises NoteConflict.

    The same text again is no conflict, so a repeated request is harmless.
    """
    call = lock_call_for(call_id, by, or_beside=True)
    if call.note == text:
        return call.note_version
    if call.note_version != version:
        raise NoteConflict(call.note, call.note_version)
    call.note, call.note_version = text, version + 1
    call.save(update_fields=["note", "note_version"])
    _mark(call)
    return call.note_version


def _mark(call: Call) -> None:
    """Let the player of the recording find the moment again; one mark while somebody goes on writing."""
    now = clock.now()
    recent = NoteMark.objects.filter(call=call, at__gt=now - NOTES_APART)
    if call.state in IN_CONVERSATION and not recent.exists():
        NoteMark.objects.create(call=call, at=now)


@transaction.atomic
def finish_wrap_up(
    leg_id: int, *, by: User, outcome: Outcome | None, note: str | None = None, ready: bool = True, type_code: str = ""
) -> Call:
    """Close the agent's work on the call: interaction, ticket, outcome, and ready for the next unless told otherwise.

    Where the queue allows no early end, the agent stays in wrap-up until the time is over. Works for calls in the
    finish-later list as well. Finished twice, it was finished once. Raises MovedOn while the call still runs,
    OutcomeNeeded, PermissionDenied for somebody else's leg or an outcome that is not of this queue.
    """
    call, leg = _lock_leg(leg_id, by)
    if leg.wrap_up_started_at is None:
        raise MovedOn(call.state)
    if not leg.is_unclassified and (leg.outcome_id or (outcome is None and leg.wrap_up_ended_at)):
        return call
    _check(outcome, call)
    now = clock.now()
    if note is not None and note != call.note:
        call.note, call.note_version = note, call.note_version + 1
        call.save(update_fields=["note", "note_version"])
    record_contact(call, leg, outcome=outcome, type_code=type_code)
    in_time = leg.wrap_up_ended_at is None
    leg.outcome, leg.is_unclassified = outcome, False
    if not (stays := in_time and _must_stay(call, leg, now)):
        leg.wrap_up_ended_at = leg.wrap_up_ended_at or now
    leg.save()
    conversation_settled(call, outcome, now=now, by=by)
    if not in_time:
        sum_again(call.started_at, now=now)
    audit.record("call.classified", call, by=by, detail={"outcome": outcome.code if outcome else ""})
    if in_time and not ready:
        presence.choose(by, Chosen.AUX, aux_code="after_call", by=by)
    if in_time and not stays:
        _release(leg)
    announce_call(call, also_agent=by.pk)
    return call


def _check(outcome: Outcome | None, call: Call) -> None:
    if outcome is None:
        if rules_of(call).needs_outcome:
            raise OutcomeNeeded
    elif outcome.is_automatic or outcome.queue_id not in (None, call.queue_id):
        raise PermissionDenied(f"outcome {outcome.pk}")


def _must_stay(call: Call, leg: CallLeg, now: datetime) -> bool:
    return rules_of(call).wrap_up_mode == Queue.WrapUpMode.FIXED and leg.wrap_up_open(now)


@transaction.atomic
def extend_wrap_up(leg_id: int, *, by: User) -> datetime:
    """Thirty more seconds, as often as the queue allows; the new deadline. Raises MovedOn when there is no more."""
    call, leg = _lock_leg(leg_id, by)
    used_up = leg.wrap_up_extensions >= rules_of(call).wrap_up_extensions
    if not leg.wrap_up_open(clock.now()) or leg.wrap_up_deadline is None or used_up:
        raise MovedOn(call.state, "wrap_up")
    leg.wrap_up_deadline += EXTENSION
    leg.wrap_up_extensions += 1
    leg.save(update_fields=["wrap_up_deadline", "wrap_up_extensions"])
    presence.prolong(by.pk, SystemState.WRAPUP, until=leg.wrap_up_deadline)
    return leg.wrap_up_deadline


@transaction.atomic
def force_finish_wrap_up(agent: User, *, by: User) -> bool:
    """A supervisor ends somebody's wrap-up: unclassified, text kept, audited. False when there is none."""
    require(by, "user", "edit")
    leg = open_wrap_up(agent.pk)
    if leg is None:
        return False
    call = lock_call_for(leg.call_id, by)
    audit.record("wrap_up.forced", call, by=by, detail={"agent": agent.pk})
    presence.note_change(agent.pk, by=by)
    return expire_wrap_up(leg.pk)


@transaction.atomic
def expire_wrap_up(leg_id: int) -> bool:
    """Time is up: what was written is saved. Without an outcome the automatic one stands, and where the queue needs a
    chosen one the call waits in the finish-later list. False if done before.
    """
    call = lock_call(CallLeg.objects.values_list("call_id", flat=True).get(pk=leg_id))
    leg = CallLeg.objects.select_related("agent", "interaction").get(pk=leg_id)
    if leg.wrap_up_ended_at is not None or leg.wrap_up_started_at is None:
        return False
    leg.wrap_up_ended_at, ran_out = clock.now(), leg.outcome_id is None
    record_contact(call, leg, outcome=None)
    if ran_out:
        leg.outcome, leg.is_unclassified = _automatic_outcome(), rules_of(call).needs_outcome
    leg.save()
    conversation_settled(call, leg.outcome if leg.outcome and not leg.outcome.is_automatic else None, now=clock.now())
    if ran_out and _ran_out_before(leg):
        presence.set_system(leg.staff.pk, {SystemState.WRAPUP}, SystemState.NOT_RESPONDING, reason="wrap_up")
    else:
        _release(leg)
    announce_call(call)
    return True


def open_wrap_up(agent_id: int) -> CallLeg | None:
    """The leg that the agent is wrapping up."""
    open_legs = CallLeg.objects.filter(agent=agent_id, wrap_up_started_at__isnull=False, wrap_up_ended_at=None)
    return open_legs.select_related("call").order_by("-wrap_up_started_at").first()


def _lock_leg(leg_id: int, by: User) -> tuple[Call, CallLeg]:
    """The agent's own leg under its call's lock. Raises PermissionDenied, CallLeg.DoesNotExist."""
    call = lock_call(CallLeg.objects.values_list("call_id", flat=True).get(pk=leg_id))
    leg = CallLeg.objects.select_related("agent", "interaction").get(pk=leg_id)
    if leg.agent_id != by.pk:
        raise PermissionDenied(f"leg {leg_id}")
    return call, leg


def _ran_out_before(leg: CallLeg) -> bool:
    """Whether the agent's last wrap-up ran out as well: nobody is made ready twice in a row unasked."""
    earlier = CallLeg.objects.filter(agent=leg.agent, wrap_up_ended_at__isnull=False).exclude(pk=leg.pk)
    last = earlier.select_related("outcome").order_by("-wrap_up_ended_at").first()
    return last is not None and (last.is_unclassified or (last.outcome is not None and last.outcome.is_automatic))


def _automatic_outcome() -> Outcome | None:
    return Outcome.objects.filter(is_automatic=True).first()


def _release(leg: CallLeg) -> None:
    """Back to idle with the wish expressed during work."""
    presence.set_system(leg.staff.pk, {SystemState.WRAPUP}, SystemState.IDLE)
    distribute_soon(agent=leg.agent_id)
