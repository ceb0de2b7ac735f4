"""The recording of the call in hand: the agent's commands, and the parts that the agent's page sends."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from crmcore.models import User
from telephony.actions import recording_commands
from telephony.actions.recording_parts import LARGEST_PART, Part, PartRefused, take_part
from telephony.views.doors import done, problem, staff_command

STATUS = {"checksum": 400, "kind": 415, "size": 413, "gap": 409, "other": 409, "late": 410}
CHANGES = {
    "start": recording_commands.start_recording,
    "stop": recording_commands.stop_recording,
    "pause": recording_commands.pause_recording,
    "resume": recording_commands.resume_recording,
}


@staff_command
def change(request: HttpRequest, user: User, call_id: int, change: str) -> HttpResponse:
    """Start, stop, pause or resume."""
    CHANGES[change](call_id, by=user)
    return done()


@staff_command
def part(request: HttpRequest, user: User, recording_id: int, number: int) -> HttpResponse:
    """One slice of sound, with its checksum and the length so far (ms) in the headers; the answer names the next."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST_PART:
        return problem(413, _("This is too large."))
    elapsed = request.headers.get("X-Part-Elapsed", "")
    sent = Part(
        number=number,
        data=request.body,
        sha256=request.headers.get("X-Part-Sha256", ""),
        content_type=request.content_type or "",
        elapsed_ms=int(elapsed) if elapsed.isascii() and elapsed.isdecimal() and len(elapsed) < 9 else 0,
        is_last="X-Part-Last" in request.headers,
    )
    try:
        return JsonResponse({"next": take_part(recording_id, sent, by=user)})
    except PartRefused as refused:
        return problem(STATUS[refused.reason], _("This part does not fit."), reason=refused.reason, next=refused.next)
