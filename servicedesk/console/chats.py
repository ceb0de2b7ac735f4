"""Chats in the work list and below the bar: what rings, what is in hand, what waits."""

from typing import Any

from django.utils.translation import gettext as _

from crmcore.models import User
from servicedesk.console.desk import queues_of
from tickets.actions.chat_transfers import has_room
from tickets.models import Chat
from tickets.queries.chat_candidates import on_duty
from tickets.queries.chats import held_by, offers_to, waiting_in

SHOWN = 20


def strip_context(user: User) -> dict[str, Any]:
    """The offers, and the sentence that is read out for the first of them."""
    offers = offers_to(user)
    return {"user": user, "offers": offers, "announcement": _announcement(offers[0].chat) if offers else ""}


def chat_list(user: User) -> dict[str, Any]:
    """My chats, and the chats of my queues that nobody holds."""
    queue_ids = queues_of(user)
    return {
        "user": user,
        "queue_ids": queue_ids,
        "chats": held_by(user),
        "waiting_chats": list(waiting_in(queue_ids)[:SHOWN]),
    }


def colleagues_with_room(user: User) -> list[User]:
    """Who could be given a chat now."""
    present = User.objects.filter(pk__in=on_duty().exclude(user=user).values("user_id")).order_by("name", "pk")
    return [colleague for colleague in present[:SHOWN] if has_room(colleague)]


def name_of(chat: Chat) -> str:
    """Who chats, a guest without a name included."""
    return chat.name or _("Guest")


def _announcement(chat: Chat) -> str:
    return _("New chat, %(name)s, %(queue)s. F2 to take it") % {"name": name_of(chat), "queue": chat.queue.label}
