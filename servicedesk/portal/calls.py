"""A customer's own call from the browser: placing it, its token, its place in line, the line to whoever answers."""

import math
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from crmcore import clock
from crmcore.models import ContactPoint, User
from servicedesk.portal.frame import contact_of
from servicedesk.portal.intake import account_of
from servicedesk.portal.requests import requests_of
from telephony.actions.announcements import announce_call
from telephony.actions.calls import receive_call
from telephony.actions.direct_calls import ring_first_at
from telephony.actions.fold import fold
from telephony.actions.joins import customer_leg
from telephony.actions.transitions import lock_call
from telephony.flows.speech import Question, Utterance, question, utterances
from telephony.flows.tree import NodeKind
from telephony.flows.walk import Position
from telephony.models import Call, CallLeg, FlowRecording, PortalEntry, QueueEntry, Voicemail
from telephony.providers.base import Incoming
from telephony.providers.browser.passes import LegPass
from telephony.providers.messages import VoicemailLeft
from telephony.queries.estimate import estimated_wait
from telephony.recordings_store import recordings_storage
from telephony.states import IN_CONVERSATION, CallState, LegKind
from tickets.models import Chat, ChatState
from tickets.queries.chats import chat_of

PROVIDER = "browser"
LINE_LENGTH = 200
# The portal's call page, as the settings of call flows know it.
ENTRY = "portal"


@dataclass(frozen=True)
class PlaceInLine:
    """Where a waiting call stands. `minutes` is rounded up, None when nobody can tell; `progress` in per cent."""

    position: int
    minutes: int | None
    progress: int

    @property
    def before(self) -> int:
        """How many are served first."""
        return self.position - 1


def live_call(user: User) -> Call | None:
    """The customer's call that is not over, for a page that was reloaded or opened twice."""
    calls = Call.objects.filter(contact=user.contact_id, provider=PROVIDER).exclude(state=CallState.ENDED)
    return calls.select_related("queue", "agent", "flow_version").order_by("-started_at").first()


@transaction.atomic
def place_call(
    user: User, *, once: str, queue_id: str, request_number: str, line: str, chat: Chat | None = None
) -> Call:
    """Bring the customer's call to the desk. The same `once` twice is one call.

    From a running `chat` it goes to the agent who holds that, and stands on its ticket.
    """
    about = requests_of(user).filter(number=request_number).first()
    account = account_of(user)
    context: dict[str, object] = {
        "contact_id": user.contact_id,
        "line": line.strip()[:LINE_LENGTH],
        "language": user.language,
        "entry": ENTRY,
    }
    if account:
        context["account_id"] = account.pk
    if chat is not None:
        context |= {"ticket_id": chat.ticket_id, "queue_id": chat.queue_id}
    elif about:
        context |= {"ticket_id": about.pk, "queue_id": about.queue_id}
    elif queue_id.isdigit():
        context["queue_id"] = int(queue_id)
    call_id = f"{user.pk}:{once[:40] or uuid.uuid4().hex}"
    signal = Incoming(
        provider=PROVIDER,
        provider_call_id=call_id,
        token=f"{call_id}:incoming",
        from_number=_number_of(user),
        context=context,
    )
    call = receive_call(signal, now=clock.now())
    if chat is not None and chat.agent_id is not None:
        ring_first_at(call, chat.agent_id)
    return call


def inviting_chat(user: User, public_id: str) -> Chat | None:
    """The customer's running chat whose agent has asked for a call."""
    chat = chat_of(user)
    is_meant = chat is not None and str(chat.public_id) == public_id and chat.state == ChatState.TALKING
    return chat if chat is not None and is_meant and chat.call_asked_at else None


def phase_of(call: Call | None) -> str:
    """Where the page stands: ready before a call, then menu, waiting, talking, held, ended."""
    if call is None:
        return "ready"
    if call.state == CallState.IVR:
        return "menu"
    if call.state in IN_CONVERSATION:
        is_held = CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER, is_held=True).exists()
        return "held" if is_held else "talking"
    return "ended" if call.state == CallState.ENDED else "waiting"


@dataclass(frozen=True)
class Menu:
    """What the caller is told and asked in a call flow.

    `number` is the one to dial instead, `message_s` the longest message in seconds, where that is wanted.
    """

    said: list[Utterance]
    question: Question | None
    turn: int
    number: str = ""
    message_s: int = 0


def menu_of(call: Call | None) -> Menu | None:
    """The caller's place in the call flow, None outside of it."""
    if call is None or call.state != CallState.IVR or call.flow_version is None:
        return None
    flow, position = call.flow_version.read(), Position.of(call.menu)
    node = flow.node(position.node)
    number = str(node.settings.get("number", "")) if node and node.kind == NodeKind.NUMBER else ""
    message_s = node.longest_s if node and node.kind == NodeKind.VOICEMAIL else 0
    return Menu(utterances(flow, position), question(flow, position), position.turn, number, message_s)


def leave_message(call: Call, sound: "UploadedFile[Any]", seconds: int) -> None:
    """Keep the message of a caller who was asked for one; sent twice, it is one message."""
    store = recordings_storage()
    stored = store.save(f"voicemails/{call.public_id}", sound)
    fold(
        VoicemailLeft(
            provider=PROVIDER,
            provider_call_id=call.provider_call_id,
            token=f"{call.provider_call_id}:message",
            seconds=seconds,
            stored=stored,
            content_type=(sound.content_type or "").partition(";")[0],
        )
    )
    if not Voicemail.objects.filter(call=call, file=stored).exists():
        store.delete(stored)


def recording_for(user: User, recording_id: int) -> FlowRecording | None:
    """A recorded prompt of the flow in which the customer's own call stands."""
    call = live_call(user)
    if call is None or call.flow_version is None:
        return None
    return FlowRecording.objects.filter(pk=recording_id, flow=call.flow_version.flow_id).first()


def has_menu() -> bool:
    """Whether the call page leads into a call flow, so that the reason of the call is asked there."""
    entry = PortalEntry.objects.select_related("flow").filter(code=ENTRY).first()
    return bool(entry and entry.flow and entry.flow.in_use)


def token_of(call: Call) -> str:
    """The signed pass by which this browser sits in the customer's leg, also after a reload."""
    return LegPass(customer_leg(call).pk).sign()


def place_of(call: Call, now: datetime) -> PlaceInLine | None:
    """The place in line while the call waits, None before and after."""
    entry = QueueEntry.objects.filter(call=call, left_at=None).first()
    if entry is None or call.queue is None:
        return None
    before = QueueEntry.objects.filter(queue=entry.queue_id, left_at=None, rank__lt=entry.rank).count()
    left = estimated_wait(call.queue, ahead=before)
    waited = (now - entry.entered_at).total_seconds()
    if left is None:
        return PlaceInLine(before + 1, None, 0)
    return PlaceInLine(before + 1, max(1, math.ceil(left / 60)), round(100 * waited / max(1, waited + left)))


@transaction.atomic
def say_in_one_line(call: Call, line: str) -> None:
    """Keep what the customer wants to say first; the agent's screen looks again."""
    locked = lock_call(call.pk)
    locked.context = {**locked.context, "line": line.strip()[:LINE_LENGTH]}
    locked.save(update_fields=["context"])
    announce_call(locked)


def _number_of(user: User) -> str:
    phones = contact_of(user).points.filter(kind=ContactPoint.Kind.PHONE)
    preferred = phones.order_by("-is_preferred", "pk").first()
    return preferred.raw if preferred else ""
