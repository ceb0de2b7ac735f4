"""What the carrier reports: kept as it came and answered at once, folded in afterwards."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from crmcore import clock
from crmcore.later import run_later
from telephony.actions.evidence import record_signal
from telephony.providers.base import Signal
from telephony.providers.dialling import placed_call_id
from telephony.providers.twilio.webhooks import (
    Webhook,
    conference_signal,
    party_signal,
    placed_signal,
    recorded_signal,
    status_signal,
    taped_signal,
)
from telephony.queries.recording_rules import recording_called
from telephony.queries.twilio_calls import scene_of_room
from telephony.views.twilio_doors import signed


@signed
def conference(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """Somebody came into a call's room or left it."""
    scene = scene_of_room(hook["FriendlyName"])
    return _noted(conference_signal(hook, scene) if scene else None)


@signed
def placed(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """How it goes with a customer whom the carrier calls for us; the address says for which call."""
    call_id = placed_call_id(request.GET.get("call", ""))
    return _noted(placed_signal(hook, call_id))


@signed
def party(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """How it goes with an outside number that the carrier calls for us; the address says for which leg."""
    leg_id = request.GET.get("leg", "")
    scene = scene_of_room(request.GET.get("call", ""))
    if scene is None or not (leg_id.isascii() and leg_id.isdigit()):
        return _noted(None)
    return _noted(party_signal(hook, scene.caller_sid, int(leg_id)))


@signed
def status(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """A call's progress; its end is what matters."""
    return _noted(status_signal(hook))


@signed
def recorded(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """A caller's message is ready at the carrier."""
    return _noted(recorded_signal(hook))


@signed
def taped(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """The recording of a conversation runs, is ready to be fetched, or never came about; the address says which."""
    recording = recording_called(request.GET.get("recording", ""))
    if recording is None:
        return HttpResponse(status=204)
    return _noted(taped_signal(hook, recording.pk, recording.call.provider_call_id))


def _noted(signal: Signal | None) -> HttpResponse:
    if signal is not None:
        with transaction.atomic():
            if record_signal(signal, now=clock.now()) is not None:
                run_later("telephony.fold_pending", signal.provider, signal.provider_call_id)
    return HttpResponse(status=204)
