"""What the carrier asks about a call in progress; every answer follows from our rows, so asking twice is harmless."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from telephony.actions.callbacks import request_callback
from telephony.actions.fold import fold
from telephony.actions.offers import redeem_ticket
from telephony.actions.recording_notice import notice_told
from telephony.actions.transitions import MovedOn
from telephony.dial_rules import DialRefused
from telephony.join_tickets import TicketRefused
from telephony.models import Call, CallLeg, RecordingNotice
from telephony.providers.twilio import twiml
from telephony.providers.twilio.access_tokens import user_of
from telephony.providers.twilio.music import hold_music
from telephony.providers.twilio.webhooks import QUEUE_FAILED, Webhook, incoming, parking_signal
from telephony.queries.dialling import can_be_called_back, line_of
from telephony.queries.estimate import estimated_wait
from telephony.queries.recording_notice import notice_due
from telephony.queries.twilio_calls import (
    agent_waits,
    call_of_sid,
    callers_ahead,
    put_through,
    spoken_language,
    supervision_of,
)
from telephony.queries.twilio_menu import after_call_document, menu_document
from telephony.states import CallState
from telephony.views.twilio_doors import document, signed

CALL_BACK_KEY = "1"
ANSWERS = {"1": RecordingNotice.Answer.AGREED, "2": RecordingNotice.Answer.REFUSED}


@signed
def voice(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """Somebody dialled one of our numbers."""
    if not hook["CallSid"]:
        return HttpResponse(status=400)
    return document(directions(fold(incoming(hook))))


@signed
def caller(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """Where does this caller belong now?"""
    return document(directions(call_of_sid(hook["CallSid"])))


@signed
def enqueue_action(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """The caller left the waiting queue: fetched, gone, or because it failed."""
    if (signal := parking_signal(hook)) is not None:
        fold(signal)
    call = call_of_sid(hook["CallSid"])
    if hook["QueueResult"] in QUEUE_FAILED:
        return document(twiml.apologise(spoken_language(call)))
    return document(directions(call))


@signed
def wait(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """One round of waiting; asked again when it ends. A caller who should be elsewhere by now is sent there."""
    call = call_of_sid(hook["CallSid"])
    if call is None or not call.is_live:
        return document(twiml.hang_up())
    if agent_waits(call) or call.state in (CallState.IVR, CallState.FORWARDED):
        return document(twiml.leave_queue())
    if call.state == CallState.PARKED:
        return document(twiml.parked())
    if (notice := notice_due(call)) is not None:
        return document(twiml.recording_notice(notice.text, notice.language, is_asked=notice.is_asked))
    markup = twiml.waiting(
        spoken_language(call),
        is_first=hook["QueueTime"] in ("", "0"),
        estimate_s=_estimate(call),
        calls_back=can_be_called_back(call),
    )
    return document(markup)


@signed
def notice(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """The waiting caller has been told of the recording, and may have pressed a key."""
    call = call_of_sid(hook["CallSid"])
    if call is not None:
        notice_told(call.pk, answer=ANSWERS.get(hook["Digits"], RecordingNotice.Answer.NONE))
    return document(twiml.keep_waiting())


@signed
def call_back(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """The waiting caller pressed a key. Any other than 1, or one that comes too late, changes nothing."""
    call = call_of_sid(hook["CallSid"])
    if call is None or hook["Digits"] != CALL_BACK_KEY:
        return document(twiml.keep_waiting())
    try:
        request_callback(call.pk, tell_carrier=False)
    except (MovedOn, DialRefused):
        return document(twiml.keep_waiting())
    return document(twiml.callback_promised(spoken_language(call)))


@signed
def hold(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """What a caller on hold hears."""
    return document(twiml.on_hold())


@signed
def agent(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """An agent's browser comes with its join ticket."""
    try:
        leg = _leg_of_ticket(hook)
    except TicketRefused:
        return document(twiml.hang_up())
    markup = twiml.agent_joins(str(leg.call.public_id), leg.pk, hook["CallSid"], **supervision_of(leg))
    return document(markup)


@require_safe
@cache_control(public=True, max_age=86_400)
def music(request: HttpRequest) -> HttpResponse:
    """The music itself; it is nobody's secret."""
    return HttpResponse(hold_music(), content_type="audio/wav")


@transaction.atomic
def _leg_of_ticket(hook: Webhook) -> CallLeg:
    """The leg that the ticket opens to its own agent; in other hands it stays unused. Raises TicketRefused."""
    leg = redeem_ticket(hook["ticket"], bearer=hook["CallSid"])
    if not hook["CallSid"] or leg.agent_id is None or leg.agent_id != user_of(hook["From"]):
        raise TicketRefused("this ticket belongs to somebody else")
    return leg


def directions(call: Call | None) -> str:
    """Where a caller belongs, as our rows say it."""
    if call is not None and not call.is_live and (asked := after_call_document(call)):
        return asked
    if call is not None and (words := call.context.get("farewell")) and not call.is_live:
        return twiml.farewell(str(words), spoken_language(call))
    if call is None or not call.is_live:
        return twiml.hang_up()
    if agent_waits(call):
        untold = notice_due(call)
        said = twiml.Spoken(untold.language, untold.text) if untold else None
        return twiml.caller_joins(str(call.public_id), said)
    if (leg := put_through(call)) is not None:
        line = call.line or line_of(call.queue)
        return twiml.put_through(leg.number, line.number if line else "")
    return menu_document(call) if call.state == CallState.IVR else twiml.park()


def _estimate(call: Call) -> int | None:
    return estimated_wait(call.queue, ahead=callers_ahead(call)) if call.queue else None
