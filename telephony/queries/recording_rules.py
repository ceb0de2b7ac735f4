"""Whether a call may be recorded, and by whose decision."""

from django.db.models import Q

from telephony.models import Call, Recording, RecordingNotice, RecordingPolicy
from telephony.providers.recording import RecordsCalls
from telephony.providers.registry import provider_of

OPEN = Q(state__in=(Recording.State.RECORDING, Recording.State.PAUSED))


def policy_of(call: Call) -> RecordingPolicy:
    """What the call's queue does about recording; nothing without a queue."""
    found = RecordingPolicy.objects.filter(queue=call.queue_id).first() if call.queue_id else None
    return found or RecordingPolicy()


def open_recording(call: Call) -> Recording | None:
    """What is being recorded of the call right now, or is paused."""
    return Recording.objects.filter(OPEN, call=call).first()


def can_be_recorded(call: Call, policy: RecordingPolicy) -> bool:
    """Whether the carrier can, the queue wants, and the caller lets us."""
    is_wanted = policy.mode != RecordingPolicy.Mode.OFF
    return is_wanted and isinstance(provider_of(call.provider), RecordsCalls) and is_agreeable(call, policy)


def is_agreeable(call: Call, policy: RecordingPolicy) -> bool:
    """Whether the caller has not refused, or has agreed where that is needed."""
    answer = RecordingNotice.objects.filter(call=call).values_list("answer", flat=True).first()
    if policy.consent == RecordingPolicy.Consent.MUST_AGREE:
        return answer == RecordingNotice.Answer.AGREED
    return answer != RecordingNotice.Answer.REFUSED


def recording_called(number: str) -> Recording | None:
    """The segment that a carrier names by our own number."""
    rows = Recording.objects.select_related("call")
    return rows.filter(pk=int(number)).first() if number.isascii() and number.isdecimal() else None
