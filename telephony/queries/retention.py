"""How long sound is kept: the rule of its queue, else the desk's."""

from datetime import date, datetime, timedelta

from telephony.models import Call, RecordingPolicy, RetentionPolicy


def last_day_of_recording(call: Call, ended_at: datetime) -> date | None:
    """The last day (UTC) on which a recording of this call is kept, None for ever."""
    own = RecordingPolicy.objects.filter(queue=call.queue_id).values_list("retention_days", flat=True).first()
    return _after(ended_at, own or RetentionPolicy.current().recording_days)


def last_day_of_message(received_at: datetime) -> date | None:
    """The last day (UTC) on which a message is kept, None for ever."""
    return _after(received_at, RetentionPolicy.current().voicemail_days)


def _after(moment: datetime, days: int | None) -> date | None:
    return (moment + timedelta(days=days)).date() if days else None
