"""Who may listen to what: the same `visible_to` that pages use, asked per topic."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase

from crmcore.models import Account, ApprovalRequest, Contact, Queue, User, Wallboard
from crmcore.permissions import may, within
from telephony.models import Campaign, GroupText
from tickets.models import Ticket
from tickets.queries.chats import chats_near, guest_chat
from tickets.queries.saved_views import views_of


@dataclass(frozen=True)
class Listener:
    """Whoever sits behind a socket: a person, a wallboard known by its token, or a guest known by his chat."""

    user: User | AnonymousUser
    wallboard: Wallboard | None = None
    chat_id: int | None = None

    @property
    def is_agent(self) -> bool:
        return isinstance(self.user, User) and self.user.kind == User.Kind.STAFF

    @property
    def is_nobody(self) -> bool:
        return self.wallboard is None and self.chat_id is None and not self.user.is_active


def listener_for(user: User | AnonymousUser, wallboard_token: str = "", session: SessionBase | None = None) -> Listener:
    """The listener behind a handshake; a wrong token is nobody."""
    board = Wallboard.objects.filter(token=wallboard_token).first() if wallboard_token else None
    return Listener(user if user.is_authenticated else AnonymousUser(), board, _guest_chat(session))


def _guest_chat(session: SessionBase | None) -> int | None:
    """The chat that the browser of a guest has begun."""
    chat = guest_chat(session) if session is not None else None
    return chat.pk if chat else None


def listener_again(listener: Listener, session: SessionBase | None = None) -> Listener:
    """The same listener with the rights of this moment; nobody once the session has ended."""
    is_over = session is not None and session.session_key and not session.exists(session.session_key)
    fresh = None if is_over else User.objects.filter(pk=listener.user.pk or 0, is_active=True).first()
    known = listener.wallboard
    board = Wallboard.objects.filter(pk=known.pk, token=known.token).first() if known else None
    return Listener(fresh or AnonymousUser(), board, None if is_over else listener.chat_id)


def allowed_among(listener: Listener, topics: list[str]) -> set[str]:
    """Those of the topics that the listener may hear."""
    return {topic for topic in topics if may_listen(listener, topic)}


def may_listen(listener: Listener, topic: str) -> bool:
    """Whether the listener may hear `topic`, such as `ticket:42` or `board`. Unknown topics: no."""
    noun, _, number = topic.partition(":")
    if listener.wallboard is not None:
        return _wallboard_may(listener.wallboard, noun, number)
    user = listener.user
    if listener.chat_id is not None and topic in (f"chat:{listener.chat_id}", f"typing:{listener.chat_id}"):
        return True
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.is_partner and noun not in ("agent", "firm"):
        return False
    if noun == "board" and not number:
        return may(user, "board", "view")
    if noun == "field" and not number:
        return not user.is_portal and may(user, "dispatch", "assign")
    if not number.isascii() or not number.isdecimal():
        return False
    rule = _RULES.get(noun)
    return rule is not None and rule(user, int(number))


def _wallboard_may(wallboard: Wallboard, noun: str, number: str) -> bool:
    if noun == "queue":
        return number.isdecimal() and wallboard.queues.filter(pk=number).exists()
    return noun == "board"


def _agent(user: User, pk: int) -> bool:
    if user.pk == pk:
        return True
    reach = within(user, "user", "view", owner="pk", team="teams")
    return not user.is_portal and User.objects.filter(reach, pk=pk).exists()


def _queue(user: User, pk: int) -> bool:
    reach = within(user, "queue", "view", owner="memberships__user", team="team")
    return not user.is_portal and Queue.objects.filter(reach, pk=pk).exists()


def _ticket(user: User, pk: int) -> bool:
    return not user.is_portal and bool(Ticket.objects.visible_to(user).filter(pk=pk).exists())


def _chat(user: User, pk: int) -> bool:
    return chats_near(user).filter(pk=pk).exists()


def _own(user: User, pk: int) -> bool:
    return not user.is_portal and user.pk == pk


def _view(user: User, pk: int) -> bool:
    return not user.is_portal and may(user, "ticket", "view") and views_of(user).filter(pk=pk).exists()


def _campaign(user: User, pk: int) -> bool:
    return not user.is_portal and bool(Campaign.objects.visible_to(user).filter(pk=pk).exists())


def _group_text(user: User, pk: int) -> bool:
    return not user.is_portal and bool(GroupText.objects.visible_to(user).filter(pk=pk).exists())


def _account(user: User, pk: int) -> bool:
    return not user.is_portal and Account.objects.visible_to(user).filter(pk=pk).exists()


def _firm(user: User, pk: int) -> bool:
    return user.is_partner and user.firm_id == pk and may(user, "dispatch", "view")


def _contact(user: User, pk: int) -> bool:
    if user.is_portal:
        return user.contact_id == pk
    return Contact.objects.visible_to(user).filter(pk=pk).exists()


def _approval(user: User, pk: int) -> bool:
    return ApprovalRequest.objects.visible_to(user).filter(pk=pk).exists()


_RULES: dict[str, Any] = {
    "approval": _approval,
    "agent": _agent,
    "queue": _queue,
    "ticket": _ticket,
    "view": _view,
    "viewers": _ticket,
    "account": _account,
    "campaign": _campaign,
    "chat": _chat,
    "chats": _own,
    "typing": _chat,
    "contact": _contact,
    "firm": _firm,
    "grouptext": _group_text,
}
