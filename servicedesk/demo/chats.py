"""Chats of the demo: some of the last days, held and wrapped up by the usual actions, and one that waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from crmcore import clock
from crmcore.models import Queue, User
from servicedesk.demo.chat_texts import SCRIPTS, WAITING, ChatScript
from tickets.actions.chat_offers import accept_chat, offer_chat
from tickets.actions.chat_wrap_up import wrap_up_chat
from tickets.actions.chats import ChatStart, agent_writes, begin_chat, customer_writes, finish_chat
from tickets.chat_distribution import ChatAgent
from tickets.models import Category, Chat, ChatSeat
from tickets.queries.chat_candidates import LONG_AGO

BETWEEN_LINES = timedelta(seconds=40)
# Whoever waits in the demo does not leave the page meanwhile.
STAYS = timedelta(minutes=15)


@dataclass
class _Clock:
    """The moments of one chat, a while apart."""

    at: datetime

    def next(self) -> datetime:
        self.at += BETWEEN_LINES
        return self.at


def add_chats(*, now: datetime) -> None:
    """The chats of the last days."""
    for number, script in enumerate(SCRIPTS):
        _hold(script, f"demo-{number}", now)


def let_somebody_chat() -> None:
    """A guest who waits for the next free agent as long as anybody waits."""
    chat = _begin(WAITING, "demo-waiting")
    Chat.objects.filter(pk=chat.pk).update(customer_seen_at=clock.now() + STAYS)


def _hold(script: ChatScript, once: str, now: datetime) -> None:
    times, agent = _Clock(now - script.ago), User.objects.get(username=script.agent)
    with clock.at(times.at):
        chat = _begin(script, once)
    with clock.at(times.next()):
        offer_chat(chat.pk, ChatAgent(agent.pk, 1, frozenset(), LONG_AGO, {}), clock.now())
        accept_chat(ChatSeat.objects.get(chat=chat, state=ChatSeat.State.RINGING).pk, by=agent)
    for number, (side, words) in enumerate(_turns(script)):
        with clock.at(times.next()):
            if side == "us":
                agent_writes(chat.pk, by=agent, body=words, client_id=f"{once}-{number}")
            else:
                customer_writes(chat.pk, body=words, client_id=f"{once}-{number}")
    with clock.at(times.next()):
        finish_chat(chat.pk, by=agent)
        wrap_up_chat(chat.pk, by=agent, note=script.note, then=Category.SOLVED if script.is_solved else "")
    Chat.objects.filter(pk=chat.pk).update(customer_read=chat.seq + len(script.lines) + 2)


def _turns(script: ChatScript) -> Iterator[tuple[str, str]]:
    yield from script.lines


def _begin(script: ChatScript, once: str) -> Chat:
    customer = User.objects.filter(username=script.customer).first()
    membership = customer.contact.memberships.first() if customer and customer.contact else None
    return begin_chat(
        ChatStart(
            once=once,
            body=script.first,
            subject=script.subject,
            queue=Queue.objects.get(code=script.queue),
            language=script.language,
            customer=customer,
            account=membership.account if membership else None,
            guest_name="" if customer else script.guest,
        )
    )
