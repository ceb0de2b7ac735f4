"""Calling from the browser: the page, placing the call, where it stands, one line for whoever answers."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crmcore import clock
from servicedesk.portal import calls as own_calls
from servicedesk.portal import once
from servicedesk.portal.callbacks import callback_context
from servicedesk.portal.frame import customer, customer_page, language_of, page
from servicedesk.portal.lines import callable_queues, describe, line_for
from servicedesk.portal.recording import told_of
from servicedesk.portal.requests import requests_of
from servicedesk.portal.throttle import CALLS
from telephony.actions.recording_notice import notice_told
from telephony.models import Call, RecordingNotice
from telephony.states import CallState

LARGEST_MESSAGE = 20_000_000


@customer_page
def call_page(request: HttpRequest) -> HttpResponse:
    """`/portal/call/`: `?request=KW-20418` talks about that request; a call that is still on goes on."""
    now, user = clock.now(), customer(request)
    about = requests_of(user).filter(number=request.GET.get("request", "")).first()
    line = describe(about.queue, now) if about else line_for(language_of(request), now)
    call = own_calls.live_call(user)
    context = {
        "section": "call",
        "line": line,
        "queues": [] if own_calls.has_menu() else callable_queues(),
        "about": about,
        "chat": own_calls.inviting_chat(user, request.GET.get("chat", "")),
        "once": once.fresh(),
        "call_state": own_calls.phase_of(call),
        "token": own_calls.token_of(call) if call else "",
        **_standing(call),
        **callback_context(user, call),
    }
    return page(request, "call.html", context)


@require_POST
@customer_page
def place(request: HttpRequest) -> HttpResponse:
    """Place the call, or take up the one that is still on: JSON with its id, token and addresses."""
    user = customer(request)
    call = own_calls.live_call(user)
    if call is None:
        if CALLS.is_used_up(request):
            return JsonResponse({"error": _("That was a lot of calls. Please wait a little")}, status=429)
        call = own_calls.place_call(
            user,
            once=request.POST.get("once", ""),
            queue_id=request.POST.get("queue", ""),
            request_number=request.POST.get("request", ""),
            line=request.POST.get("line", ""),
            chat=own_calls.inviting_chat(user, request.POST.get("chat", "")),
        )
    return JsonResponse({"call": str(call.public_id), "token": own_calls.token_of(call)}, status=201)


@customer_page
def standing(request: HttpRequest) -> HttpResponse:
    """The fragment that says where the call stands: place in line and wait, or who is on the line."""
    return _fragment(request, own_calls.live_call(customer(request)))


@require_POST
@customer_page
def consent(request: HttpRequest) -> HttpResponse:
    """The customer agrees to being recorded, or refuses; the fragment says how it stands now."""
    call, answer = own_calls.live_call(customer(request)), request.POST.get("answer", "")
    if call is not None and answer in (RecordingNotice.Answer.AGREED, RecordingNotice.Answer.REFUSED):
        notice_told(call.pk, answer=RecordingNotice.Answer(answer))
    return _fragment(request, call)


@require_safe
@customer_page
def recording(request: HttpRequest, recording_id: int) -> HttpResponse:
    """A recorded prompt of the menu in which the customer stands. Raises Http404."""
    row = own_calls.recording_for(customer(request), recording_id)
    if row is None:
        raise Http404
    with row.file.open("rb") as sound:
        return HttpResponse(sound.read(), content_type=row.content_type)


@customer_page
def ended(request: HttpRequest) -> HttpResponse:
    """The fragment for after the call: it is over, or we call back."""
    return page(request, "_call_ended.html", callback_context(customer(request), None))


@require_POST
@customer_page
def message(request: HttpRequest) -> HttpResponse:
    """The message of a customer whom the menu asked for one."""
    call = own_calls.live_call(customer(request))
    sound, seconds = request.FILES.get("sound"), request.POST.get("seconds", "")
    menu = own_calls.menu_of(call)
    if call is None or menu is None or not menu.message_s:
        return HttpResponse(status=409)
    if sound is None or (sound.size or 0) > LARGEST_MESSAGE or not (sound.content_type or "").startswith("audio/"):
        return HttpResponse(status=400)
    own_calls.leave_message(call, sound, int(seconds) if seconds.isdigit() else 0)
    return HttpResponse(status=204)


@require_POST
@customer_page
def line(request: HttpRequest) -> HttpResponse:
    """Keep the one line that whoever answers reads first."""
    call = own_calls.live_call(customer(request))
    if call is not None:
        own_calls.say_in_one_line(call, request.POST.get("line", ""))
    return HttpResponse(status=204)


def _fragment(request: HttpRequest, call: Call | None) -> HttpResponse:
    context = _standing(call) if call else {"call": None, "phase": "ended"}
    return page(request, "_call_standing.html", context)


def _standing(call: Call | None) -> dict[str, object]:
    return {
        "call": call,
        "phase": own_calls.phase_of(call),
        "menu": own_calls.menu_of(call),
        "told": told_of(call) if call else None,
        "ringing": call is not None and call.state in (CallState.OFFERING, CallState.CONNECTING),
        "place": own_calls.place_of(call, clock.now()) if call else None,
    }
