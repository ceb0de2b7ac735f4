"""Leading a caller through a call flow: every step is a move of the locked call, told by signals alone."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings

from crmcore.models import Queue
from telephony.actions.announcements import announce_call
from telephony.actions.endings import end_call
from telephony.actions.identity import identify
from telephony.actions.queueing import enqueue_call
from telephony.actions.transitions import LONGEST_CALL, move_call
from telephony.flows import speech, walk
from telephony.flows.tree import ASKS, Flow, NodeKind
from telephony.flows.walk import Position
from telephony.models import Call, CallEvent, FlowVersion
from telephony.providers.base import DigitsEntered
from telephony.providers.registry import provider_of
from telephony.queries.flows import CallFacts
from telephony.queries.lines import default_queue
from telephony.states import CallState, EndReason, Party

# A carrier that times answers itself and then says nothing for so long has lost the caller.
IDLE = timedelta(seconds=120)
READING = timedelta(seconds=4)


def begin_flow(call: Call, version: FlowVersion, *, now: datetime) -> None:
    """Let a locked call walk into the flow. Answers that it gave in an earlier one count for nothing here."""
    call.flow_version = version
    call.save(update_fields=["flow_version"])
    flow = version.read()
    position = walk.begin(flow, _language_of(call), CallFacts(call, now))
    before = Position.of(call.menu).turn + 1 if call.menu else 0
    _arrive(call, flow, replace(position, turn=before), now)


def follow_digits(call: Call, *, now: datetime) -> None:
    """Let a locked call go where the answers lead that its carrier has told, each to its own question, in turn."""
    while call.state == CallState.IVR and call.flow_version is not None:
        position = Position.of(call.menu)
        told = CallEvent.objects.filter(call=call, kind=DigitsEntered.kind, payload__turn=position.turn)
        answer = told.order_by("pk").first()
        if answer is None or _enter(call, str(answer.payload.get("digits", "")), now) == position:
            return


def menu_due(call: Call, *, now: datetime) -> None:
    """The time of a locked call's place in the flow is over: it counts as silence, or the caller is lost."""
    kind = call.menu.get("kind", "")
    if kind in ASKS and not provider_of(call.provider).capabilities.times_answers:
        _enter(call, "", now)
    else:
        reason = EndReason.DESK if kind == NodeKind.HANG_UP else EndReason.NO_PROGRESS
        end_call(call, by=Party.SYSTEM, reason=reason, now=now)


def _enter(call: Call, digits: str, now: datetime) -> Position:
    assert call.flow_version is not None
    flow = call.flow_version.read()
    moved = walk.enter(flow, Position.of(call.menu), digits, CallFacts(call, now))
    if moved != Position.of(call.menu):
        _arrive(call, flow, moved, now)
    return moved


def _arrive(call: Call, flow: Flow, position: Position, now: datetime) -> None:
    """Write where the caller stands, and do what that place wants."""
    node = flow.node(position.node)
    kind = node.kind if node else NodeKind.QUEUE
    call.menu = {**position.as_json(), "kind": kind}
    call.context = {**call.context, **position.known, "language": position.language}
    call.priority_s = int(call.context.get("priority_s", 0)) + position.boost_s
    call.save(update_fields=["menu", "context", "priority_s"])
    if position.known:
        identify(call, now=now)
    if kind == NodeKind.QUEUE:
        enqueue_call(call, _queue(call, str(node.settings.get("queue", "")) if node else ""), now=now)
    elif move_call(call, CallState.IVR, now=now, deadline=now + _time_for(call, flow, position, kind)):
        announce_call(call)


def queue_of_place(call: Call) -> Queue:
    """The queue that the caller's place in the flow names, else the one in which the call waited before."""
    node = call.flow_version.read().node(str(call.menu.get("node", ""))) if call.flow_version else None
    code = str(node.settings.get("queue", "")) if node else ""
    return _queue(call, code) if code or call.queue is None else call.queue


def _queue(call: Call, code: str) -> Queue:
    """The queue that the flow names, else the line's, else the desk's."""
    named = Queue.objects.filter(code=code, is_active=True).first() if code else None
    return named or (call.line.queue if call.line else default_queue())


def _time_for(call: Call, flow: Flow, position: Position, kind: NodeKind) -> timedelta:
    spoken = timedelta(seconds=sum(piece.seconds for piece in speech.utterances(flow, position)))
    times_answers = provider_of(call.provider).capabilities.times_answers
    if kind == NodeKind.NUMBER:
        # Without a carrier the number is shown, for the caller to dial.
        return LONGEST_CALL if times_answers else spoken + IDLE
    if kind == NodeKind.VOICEMAIL:
        node = flow.nodes[position.node]
        return spoken + IDLE + timedelta(seconds=node.longest_s)
    asked = speech.question(flow, position)
    if asked is None:
        return spoken + READING
    if times_answers:
        return spoken + IDLE
    return spoken + READING + timedelta(seconds=asked.timeout_s)


def _language_of(call: Call) -> str:
    """The language in which a caller is greeted: that of a signed-in customer, else the line's, else the desk's."""
    own = str(call.context.get("language", ""))
    return own or (call.line.language if call.line else "") or settings.LANGUAGE_CODE
