"""Telling callers that they are recorded, and doing what they answer."""

from django.db import transaction

from crmcore import clock
from telephony.actions.announcements import announce_call
from telephony.actions.joins import open_agent_leg
from telephony.actions.recording import begin_recording, end_recording, note_told
from telephony.actions.transitions import lock_call
from telephony.models import RecordingNotice
from telephony.states import IN_CONVERSATION

Answer = RecordingNotice.Answer


@transaction.atomic
def notice_told(call_id: int, *, answer: Answer = Answer.NONE) -> None:
    """The caller has been told, and has answered if that was asked. Told again, it counts once; the last answer does.

    Who refuses is recorded no longer; who agrees, from now on.
    """
    call, now = lock_call(call_id), clock.now()
    notice = note_told(call, now=now)
    if notice is None or not answer or notice.answer == answer or not notice.is_asked:
        return
    notice.answer, notice.answered_at = answer, now
    notice.save(update_fields=["answer", "answered_at"])
    leg = open_agent_leg(call)
    if answer == Answer.REFUSED:
        end_recording(call, now=now)
    elif leg is not None and call.state in IN_CONVERSATION:
        begin_recording(call, leg, now=now)
    announce_call(call)
