"""Recordings and messages: listening, taking away, the wave, the legal hold. Who may hear them, the queries say."""

import hashlib
import json
from typing import IO, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from crmcore.models import User
from telephony.actions import retention
from telephony.actions.listening import keep_peaks, note_download, note_listening
from telephony.models import Call, Voicemail
from telephony.queries.sounds import Sound, may_change, player_of_message, players_of_call, sound_for
from telephony.sealing import CannotUnseal
from telephony.views.doors import done, problem, staff_command, staff_reading
from telephony.views.ranges import send

SUFFIXES = {
    "audio/webm": ".webm",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
}


@never_cache
@staff_reading
def sound(request: HttpRequest, user: User, kind: str, sound_id: int) -> HttpResponseBase:
    """The sound itself, whole or in part; with `?download` as a file to keep.

    Raises Http404 for whom it is closed and while it has not come; 410 when it was deleted, 503 without its key.
    """
    found = _found(user, kind, sound_id)
    is_download = "download" in request.GET
    if is_download and not may_change(user, found, "export"):
        raise PermissionDenied("download")
    if found.deleted_at is not None:
        return HttpResponse(status=410)
    if not found.file:
        raise Http404
    try:
        file = cast(IO[bytes], found.file.storage.open(str(found.file)))
    except FileNotFoundError as error:
        raise Http404 from error
    except CannotUnseal:
        return problem(503, _("This desk does not have the key of this recording."))
    if request.method == "GET":
        _note(found, user, is_download=is_download, begins=_begins(request))
    return _sent(request, found, file, is_download=is_download)


@never_cache
@staff_reading
def message_player(request: HttpRequest, user: User, sound_id: int) -> HttpResponse:
    """The player of a message, for wherever the message is mentioned."""
    found = _found(user, "voicemail", sound_id)
    assert isinstance(found, Voicemail)
    return render(request, "telephony/_players.html", {"players": [player_of_message(found, user)], "call": found.call})


@never_cache
@staff_reading
def call_players(request: HttpRequest, user: User, public_id: str) -> HttpResponse:
    """The players of a call, for wherever the call is mentioned; nothing for whom none of it is open."""
    call = Call.objects.visible_to(user).filter(public_id=public_id).first()
    players = players_of_call(call, user) if call else []
    if not players:
        return HttpResponse(status=204)
    return render(request, "telephony/_players.html", {"players": players, "call": call})


@staff_command
def peaks(request: HttpRequest, user: User, kind: str, sound_id: int) -> HttpResponse:
    """Keep the loudness that the listener's browser has measured: JSON, a list for each channel."""
    found = _found(user, kind, sound_id)
    try:
        measured = json.loads(request.body)
    except ValueError:
        measured = None
    return done() if keep_peaks(found, measured) else HttpResponse(status=400)


@staff_command
def hold(request: HttpRequest, user: User, kind: str, sound_id: int) -> HttpResponse:
    """Put on legal hold (`on`, with a `reason`) or release it."""
    found = _found(user, kind, sound_id)
    if not may_change(user, found, "edit"):
        raise PermissionDenied("legal hold")
    try:
        retention.set_legal_hold(found, on="on" in request.POST, reason=request.POST.get("reason", ""), by=user)
    except retention.NoReason:
        return problem(400, _("A legal hold needs a reason."))
    return redirect("calls:call", found.call_id)


@staff_command
def delete(request: HttpRequest, user: User, kind: str, sound_id: int) -> HttpResponse:
    """Delete for good; 409 while it is on hold."""
    found = _found(user, kind, sound_id)
    if not may_change(user, found, "delete"):
        raise PermissionDenied("delete")
    try:
        retention.delete_sound(found, by=user)
    except retention.OnHold:
        return problem(409, _("What is on legal hold cannot be deleted."))
    return redirect("calls:call", found.call_id)


def _found(user: User, kind: str, sound_id: int) -> Sound:
    found = sound_for(user, kind, sound_id)
    if found is None:
        raise Http404
    return found


def _begins(request: HttpRequest) -> bool:
    """Whether a download begins here, rather than going on where it broke off."""
    asked = request.headers.get("Range", "")
    return not asked or asked.startswith("bytes=0-")


def _note(found: Sound, user: User, *, is_download: bool, begins: bool) -> None:
    if is_download and begins:
        note_download(found, by=user)
    else:
        note_listening(found, by=user)


def _sent(request: HttpRequest, found: Sound, file: IO[bytes], *, is_download: bool) -> HttpResponseBase:
    size = found.file.storage.size(str(found.file))
    etag = f'"{hashlib.sha256(f"{found.file.name}:{size}".encode()).hexdigest()[:32]}"'
    suffix = SUFFIXES.get(found.content_type)
    content_type = found.content_type if suffix else "application/octet-stream"
    answer = send(request, file, size=size, etag=etag, content_type=content_type)
    if is_download:
        name = f"{found.kind}-{found.call.started_at:%Y-%m-%d}-{found.pk}{suffix or ''}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
