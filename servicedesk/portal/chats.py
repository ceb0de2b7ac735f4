"""A customer's chat: whether somebody is there, whose chat this browser may see, how its first words begin it."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from crmcore.models import Queue
from servicedesk.portal.frame import customer_or_none, language_of
from servicedesk.portal.hours import Opening
from servicedesk.portal.intake import account_of, subject_of
from servicedesk.portal.lines import hours_at, line_for
from servicedesk.portal.requests import requests_of
from tickets.actions.chats import ChatStart, begin_chat
from tickets.mail.mime import MailFile
from tickets.models import Chat, ChatRules
from tickets.queries.chat_candidates import is_staffed
from tickets.queries.chats import SESSION_KEY, chat_of, estimated_minutes, guest_chat


@dataclass(frozen=True)
class ChatDoor:
    """What a customer meets: hours, whether anybody is there, and minutes of waiting, None where nobody can tell."""

    rules: ChatRules
    queue: Queue
    opening: Opening
    is_staffed: bool
    minutes: int | None

    @property
    def is_answered(self) -> bool:
        """Whether somebody comes. Otherwise what is written waits on a ticket."""
        return self.opening.is_open and self.is_staffed


def chat_door(request: HttpRequest, now: datetime) -> ChatDoor | None:
    """The chat as this reader finds it, None where the desk has none for them."""
    rules = ChatRules.current()
    line = line_for(language_of(request), now)
    if not rules.is_on or line is None or (customer_or_none(request) is None and not rules.takes_guests):
        return None
    queue = rules.queue if rules.queue and rules.queue.is_active else line.queue
    opening = hours_at(rules.calendar_id or queue.calendar_id, now)
    return ChatDoor(rules, queue, opening, is_staffed(queue), estimated_minutes(queue, 0, now))


def own_chat(request: HttpRequest) -> Chat | None:
    """The latest chat of the signed-in customer, or the one that this browser began as a guest."""
    user = customer_or_none(request)
    return chat_of(user) if user else guest_chat(request.session)


def shown_chat(request: HttpRequest, now: datetime) -> Chat | None:
    """The chat that the page shows: a live one, or one that is over and can still be read in peace."""
    chat = own_chat(request)
    if chat is None or chat.is_live or ChatRules.current().may_come_back(chat, now):
        return chat
    return None


def begin(
    request: HttpRequest, door: ChatDoor, *, body: str, once: str, name: str, email: str, files: list[MailFile]
) -> Chat:
    """Begin the chat of whoever sits at this browser; sent twice, it is one chat."""
    user = customer_or_none(request)
    about = requests_of(user).filter(number=request.POST.get("request", "")).first() if user else None
    # Nobody begins somebody else's chat by its token.
    owner = f"user{user.pk}" if user else f"guest{_guest_key(request)}"
    chat = begin_chat(
        ChatStart(
            once=f"{owner}:{once}"[:60],
            body=body,
            subject=subject_of(body) or body[:80],
            queue=door.queue,
            language=language_of(request),
            customer=user,
            account=account_of(user) if user else None,
            guest_name="" if user else name,
            guest_email="" if user else email,
            about=about,
            is_answered=door.is_answered,
            files=tuple(files),
        )
    )
    if user is None:
        request.session[SESSION_KEY] = str(chat.public_id)
    return chat


def _guest_key(request: HttpRequest) -> str:
    if not request.session.session_key:
        request.session.create()
    return str(request.session.session_key)[:12]
