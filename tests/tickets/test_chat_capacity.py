"""Nobody holds more chats than allowed, nobody gets one twice, whoever acts at the same moment."""

import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from threading import Event

import pytest
from django.db import IntegrityError, transaction

from crmcore import clock
from crmcore.models import AgentPresence, User
from crmcore.models.presence import SystemState
from tests.at_once import at_once
from tests.cast import Cast, make_cast, ready
from tests.tickets.chat_room import chat_by_guest, says, seat_at, start, taken_by
from tickets.actions.chat_ground import ChatMovedOn
from tickets.actions.chat_offers import accept_chat, decline_chat, offer_chats
from tickets.actions.chat_sweep import sweep_chats
from tickets.actions.chat_transfers import pass_chat_on
from tickets.actions.chats import begin_chat, leave_chat
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.chat_distribution import free_slot
from tickets.models import Chat, ChatLine, ChatRules, ChatSeat, ChatState, Ticket


@pytest.fixture
def desk(transactional_db: None) -> Iterator[Cast]:
    cast = make_cast()
    ensure_ticket_defaults()
    yield cast


def held(user: User) -> int:
    return ChatSeat.objects.filter(agent=user).exclude(state="closed").count()


def test_as_many_chats_ring_as_there_are_slots(cast: Cast) -> None:
    ready(cast.mei)
    for _ in range(5):
        chat_by_guest(cast)
    offer_chats()
    assert held(cast.mei) == 3
    assert Chat.objects.filter(state=ChatState.WAITING).count() == 2


def test_a_call_leaves_no_slot_unless_the_desk_allows_some(cast: Cast) -> None:
    ready(cast.mei)
    AgentPresence.objects.update(system=SystemState.ON_CONTACT)
    chat_by_guest(cast)
    offer_chats()
    assert held(cast.mei) == 0
    ChatRules.objects.create(pk=1, at_once_on_call=1)
    chat_by_guest(cast)
    offer_chats()
    assert held(cast.mei) == 1


def test_the_longest_wait_is_served_first_and_priority_counts_as_waiting(cast: Cast) -> None:
    now = clock.now()
    cast.billing_queue.priority_s = 120
    cast.billing_queue.save()
    cast.billing_queue.memberships.create(user=cast.mei)
    with clock.at(now - timedelta(seconds=60)):
        early = chat_by_guest(cast)
    urgent = chat_by_guest(cast, queue=cast.billing_queue)
    ChatRules.objects.create(pk=1, at_once=1)
    ready(cast.mei)
    offer_chats()
    seat = seat_at(cast.mei)
    assert seat is not None
    assert seat.chat == urgent
    assert Chat.objects.get(pk=early.pk).state == ChatState.WAITING


def test_who_holds_the_fewest_is_asked_first(cast: Cast) -> None:
    cast.support_queue.memberships.create(user=cast.sun)
    ready(cast.mei)
    taken = chat_by_guest(cast)
    offer_chats()
    taken_by(cast.mei, taken)
    ready(cast.sun)
    chat_by_guest(cast)
    offer_chats()
    assert seat_at(cast.sun) is not None


def test_who_is_away_or_has_no_living_screen_gets_none(cast: Cast) -> None:
    ready(cast.mei)
    chat_by_guest(cast)
    for state in ({"chosen": "aux"}, {"chosen": "available", "device_ok": False}):
        AgentPresence.objects.update(**state)
        offer_chats()
        assert held(cast.mei) == 0


def test_a_declined_chat_does_not_come_back_at_once(cast: Cast) -> None:
    ready(cast.mei)
    chat_by_guest(cast)
    offer_chats()
    seat = seat_at(cast.mei)
    assert seat is not None
    decline_chat(seat.pk, by=cast.mei)
    offer_chats()
    assert held(cast.mei) == 0
    with clock.at(clock.now() + timedelta(seconds=31)):
        offer_chats()
    assert held(cast.mei) == 1


def test_the_database_refuses_a_second_offer_and_a_taken_slot(cast: Cast) -> None:
    ready(cast.mei)
    chat, other = chat_by_guest(cast), chat_by_guest(cast)
    offer_chats()
    now = clock.now()
    ChatSeat.objects.filter(chat=other).update(state="closed", closed_at=now)
    for facts in ({"chat": chat, "slot": 2}, {"chat": other, "slot": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChatSeat.objects.create(agent=cast.mei, offered_at=now, expires_at=now, **facts)


def test_no_slot_is_free_where_as_many_are_taken_whatever_their_numbers() -> None:
    assert free_slot({0, 2}, 3) == 1
    assert free_slot({4, 5}, 2) is None
    assert free_slot(set(), 0) is None


def test_two_processes_offer_a_chat_once(desk: Cast) -> None:
    ready(desk.mei, desk.sun)
    desk.support_queue.memberships.create(user=desk.sun)
    for _ in range(4):
        with transaction.atomic():
            chat = begin_chat(start(desk))
            ChatSeat.objects.all().delete()
        at_once(offer_chats, offer_chats, sweep_chats)
        assert ChatSeat.objects.filter(chat=chat).count() == 1
        leave_chat(chat.pk)


def test_capacity_holds_while_many_offer_at_once(desk: Cast) -> None:
    AgentPresence.objects.all().delete()
    for _ in range(8):
        begin_chat(start(desk))
    ready(desk.mei)
    at_once(*[offer_chats] * 6)
    assert held(desk.mei) == 3
    assert sorted(ChatSeat.objects.exclude(state="closed").values_list("slot", flat=True)) == [0, 1, 2]


def test_accepting_twice_at_once_is_one_agent_in_charge(desk: Cast) -> None:
    ready(desk.mei)
    chat = begin_chat(start(desk))
    seat = ChatSeat.objects.get(chat=chat)
    at_once(*[lambda: accept_chat(seat.pk, by=desk.mei)] * 3, refusals=(ChatMovedOn,))
    assert list(ChatLine.objects.filter(chat=chat, event="joined").values_list("event", flat=True)) == ["joined"]


def test_accepting_and_leaving_at_once_end_in_one_of_both(desk: Cast) -> None:
    for _ in range(4):
        ready(desk.mei)
        chat = begin_chat(start(desk))
        seat = ChatSeat.objects.get(chat=chat)
        answering, leaving = partial(accept_chat, seat.pk, by=desk.mei), partial(leave_chat, chat.pk)
        at_once(answering, leaving, refusals=(ChatMovedOn,))
        chat.refresh_from_db()
        assert chat.state == ChatState.ENDED
        assert held(desk.mei) == 0


def test_the_same_line_sent_by_two_connections_is_one(desk: Cast) -> None:
    chat = begin_chat(start(desk))
    at_once(*[lambda: says(chat, "Hello?", client_id="same")] * 4)
    assert ChatLine.objects.filter(client_id="same").count() == 1
    assert chat.ticket.interactions.filter(body="Hello?").count() == 1


def test_a_line_written_while_the_chat_is_passed_on_is_kept(desk: Cast) -> None:
    ready(desk.mei)
    chat = taken_by(desk.mei, begin_chat(start(desk)))
    passed = Event()

    def pass_on() -> None:
        with transaction.atomic():
            pass_chat_on(chat.pk, by=desk.mei, queue=desk.billing_queue)
            passed.set()
            time.sleep(0.5)

    def write() -> ChatLine:
        passed.wait()
        return says(chat, "Are you there?")

    _passed, line = at_once(pass_on, write)
    assert line.chat.queue == desk.billing_queue
    assert chat.ticket.interactions.filter(body="Are you there?").count() == 1


def test_two_first_messages_at_once_are_one_chat_and_one_ticket(desk: Cast) -> None:
    same = start(desk)
    assert len({chat.pk for chat in at_once(*[lambda: begin_chat(same)] * 3)}) == 1
    assert Ticket.objects.count() == 1
