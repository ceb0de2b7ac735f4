"""The carrier leads a caller through a call flow: it tells what was pressed and asks what comes next."""

from django.core.signing import BadSignature
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from telephony.actions.after_call import take_key
from telephony.actions.fold import fold
from telephony.models import FlowRecording
from telephony.providers.twilio import twiml
from telephony.providers.twilio.recordings import recording_at
from telephony.providers.twilio.webhooks import Webhook, dialled_signal, digits_signal, put_through_signal
from telephony.queries.twilio_calls import call_of_sid, put_through, spoken_language
from telephony.views.twilio_doors import document, signed
from telephony.views.twilio_voice import directions

LONGEST_TURN = 3


@signed
def menu(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """The caller pressed keys, or let the time pass; where that leads is the answer."""
    turn = request.GET.get("turn", "")
    if not (turn.isascii() and turn.isdigit()):
        return HttpResponse(status=400)
    fold(digits_signal(hook, int(turn)))
    return document(directions(call_of_sid(hook["CallSid"])))


@signed
def after_call(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """A key after the call, or none; what is asked or said next is the answer."""
    turn, call = request.GET.get("turn", ""), call_of_sid(hook["CallSid"])
    if not (turn.isascii() and turn.isdigit() and len(turn) <= LONGEST_TURN):
        return HttpResponse(status=400)
    if call is not None:
        take_key(call, int(turn), hook["Digits"])
    return document(directions(call))


@signed
def dialled(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """The call to another number is over."""
    fold(dialled_signal(hook))
    return document(twiml.hang_up())


@signed
def put_through_ended(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """The outside number to which a caller in line was put through has hung up, or nobody answered there."""
    call = call_of_sid(hook["CallSid"])
    leg = put_through(call) if call else None
    if call is not None and leg is not None:
        fold(put_through_signal(hook, leg.pk))
        call = call_of_sid(hook["CallSid"])
    return document(directions(call))


@signed
def message(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """The caller has finished speaking."""
    return document(twiml.thank(spoken_language(call_of_sid(hook["CallSid"]))))


@require_safe
@cache_control(public=True, max_age=86_400)
def recording(request: HttpRequest, signed_id: str) -> FileResponse:
    """A recorded prompt, for whoever was given its address. Raises Http404."""
    try:
        row = FlowRecording.objects.get(pk=recording_at(signed_id))
    except (BadSignature, FlowRecording.DoesNotExist) as error:
        raise Http404 from error
    return FileResponse(row.file.open("rb"), content_type=row.content_type)
