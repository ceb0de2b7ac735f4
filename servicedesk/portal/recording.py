"""What a calling customer reads about recording, and may answer."""

from dataclasses import dataclass

from telephony.models import Call, Recording, RecordingNotice
from telephony.queries.recording_notice import notice_of
from telephony.queries.recording_rules import open_recording


@dataclass(frozen=True)
class Told:
    """The notice in the customer's language, whether an answer is asked for, which was given, whether it runs."""

    text: str = ""
    language: str = ""
    is_asked: bool = False
    answer: str = ""
    is_running: bool = False


def told_of(call: Call) -> Told:
    """What the call page says about recording; empty where nothing is recorded."""
    recording, notice = open_recording(call), notice_of(call)
    is_running = recording is not None and recording.state == Recording.State.RECORDING
    if notice is None:
        return Told(is_running=is_running)
    answer = RecordingNotice.objects.filter(call=call).values_list("answer", flat=True).first() or ""
    return Told(notice.text, notice.language, notice.is_asked, answer, is_running)
