"""Reading chats: whose they are, what they say, how long they wait."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.db.models import Avg, F, Q, QuerySet

from crmcore.models import Queue, User
from tickets.models import Attachment, Chat, ChatLine, ChatRules, ChatSeat, ChatState
from tickets.queries.chat_candidates import on_duty

SHOWN = 100
# Where the browser of a guest keeps the chat that it began.
SESSION_KEY = "chat"
LOOK_BACK = timedelta(days=7)


@dataclass(frozen=True)
class Words:
    """A line as both sides see it; what happened is in `line.event`."""

    line: ChatLine
    body: str
    files: tuple[Attachment, ...]
    is_day_first: bool


@dataclass(frozen=True)
class PlaceInLine:
    """Where a waiting chat stands; `minutes` is rounded up, None when nobody can tell."""

    position: int
    minutes: int | None

    @property
    def before(self) -> int:
        """How many are served first."""
        return self.position - 1


def chats_near(user: User) -> QuerySet[Chat]:
    """Chats in the reader's reach: by their rights, one that rings at or was held by them, a customer's own."""
    if user.is_portal:
        return Chat.objects.filter(customer=user)
    mine = ChatSeat.objects.filter(agent=user).values("chat_id")
    return Chat.objects.filter(Q(pk__in=Chat.objects.visible_to(user).values("pk")) | Q(pk__in=mine))


def whole_chats() -> QuerySet[Chat]:
    """Chats with what their pages show."""
    return Chat.objects.select_related(
        "agent", "queue", "asked", "customer", "ticket__status", "ticket__contact", "ticket__account"
    ).defer("ticket__search")


def guest_chat(session: SessionBase) -> Chat | None:
    """The chat that this browser began without signing in."""
    public_id = session.get(SESSION_KEY, "")
    try:
        return whole_chats().filter(public_id=UUID(public_id), customer=None).first() if public_id else None
    except (ValueError, ValidationError):
        return None


def chat_of(user: User) -> Chat | None:
    """The customer's latest chat."""
    return whole_chats().filter(customer=user, channel="chat").order_by("-started_at", "-pk").first()


def lines_of(chat: Chat, *, limit: int = SHOWN) -> list[Words]:
    """The latest lines, old to new, with the files that came along."""
    rows = chat.lines.select_related("by", "interaction").prefetch_related("interaction__attachments")
    latest = list(reversed(rows.order_by("-seq")[:limit]))
    return [
        Words(
            line=line,
            body=line.interaction.body if line.interaction else "",
            files=tuple(file for file in line.interaction.attachments.all() if not file.is_program)
            if line.interaction
            else (),
            is_day_first=index == 0 or latest[index - 1].at.date() != line.at.date(),
        )
        for index, line in enumerate(latest)
    ]


def all_lines(chat: Chat) -> QuerySet[ChatLine]:
    """The whole transcript, from the first line to the last."""
    return chat.lines.select_related("interaction").order_by("seq")


def held_by(user: User) -> list[Chat]:
    """Chats that this agent holds, and those that ended and are not wrapped up, the oldest first."""
    mine = Q(state=ChatState.TALKING) | Q(state=ChatState.ENDED, wrapped_at=None)
    return list(whole_chats().filter(mine, agent=user).order_by("answered_at", "pk"))


def offers_to(user: User) -> list[ChatSeat]:
    """Chats that ring at this agent, the one that ends first on top."""
    seats = ChatSeat.objects.filter(agent=user, state=ChatSeat.State.RINGING)
    related = seats.select_related("chat__queue", "chat__asked", "chat__ticket__contact", "chat__ticket__account")
    return list(related.order_by("expires_at", "pk"))


def waiting_in(queues: Iterable[int]) -> QuerySet[Chat]:
    """Chats of these queues that nobody holds yet, in the order in which they are served."""
    waiting = whole_chats().filter(queue__in=list(queues), state__in=(ChatState.WAITING, ChatState.RINGING))
    return waiting.order_by("rank", "pk")


def place_of(chat: Chat, now: datetime) -> PlaceInLine | None:
    """The place in line while the chat waits, None before and after."""
    if chat.state not in (ChatState.WAITING, ChatState.RINGING):
        return None
    waiting = Chat.objects.filter(queue=chat.queue_id, state__in=(ChatState.WAITING, ChatState.RINGING))
    before = waiting.filter(Q(rank__lt=chat.rank) | Q(rank=chat.rank, pk__lt=chat.pk)).count()
    return PlaceInLine(before + 1, estimated_minutes(chat.queue, before, now))


def estimated_minutes(queue: Queue, before: int, now: datetime) -> int | None:
    """Length of recent chats × who is served first / slots of those on duty; None when nobody can tell."""
    agents = set(on_duty().filter(user__queue_memberships__queue=queue).values_list("user_id", flat=True))
    slots = len(agents) * ChatRules.current().at_once
    if not slots:
        return None
    held = ChatSeat.objects.filter(agent__in=agents).exclude(state=ChatSeat.State.CLOSED).count()
    if slots - held > before:
        return 1
    recent = Chat.objects.filter(queue=queue, answered_at__isnull=False, ended_at__gt=now - LOOK_BACK)
    mean = recent.aggregate(mean=Avg(F("ended_at") - F("answered_at")))["mean"]
    return None if mean is None else max(1, math.ceil(mean.total_seconds() * (before + 1) / slots / 60))
