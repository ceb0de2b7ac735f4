"""Live chats: nothing written is lost, everything stands on a ticket, clocks run, and the ends are what they seem."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from crmcore import clock
from crmcore.actions.contact_points import NewPoint
from crmcore.actions.customers import create_contact
from crmcore.models import AgentPresence, Contact, ContactPoint
from tests.cast import Cast, ready
from tests.tickets.chat_room import chat_by_guest, says, seat_at, start, taken_by, words
from tickets.actions.chat_ground import ChatMovedOn
from tickets.actions.chat_marks import agent_has_read, customer_is_here
from tickets.actions.chat_offers import offer_chats
from tickets.actions.chat_sweep import sweep_chats
from tickets.actions.chat_transfers import NoRoom, pass_chat_on
from tickets.actions.chat_wrap_up import wrap_up_chat
from tickets.actions.chats import agent_writes, begin_chat, customer_writes, finish_chat, leave_chat
from tickets.actions.lifecycle import open_ticket
from tickets.mail.mime import MailFile
from tickets.models import Chat, ChatEnd, ChatRules, ChatSeat, ChatState, Interaction, SlaClock, Ticket
from tickets.queries.wording import type_called


def running(cast: Cast, **changes: object) -> Chat:
    """A chat that Mei has taken."""
    ready(cast.mei)
    chat = chat_by_guest(cast, **changes)  # type: ignore[arg-type]
    offer_chats()
    return taken_by(cast.mei, chat)


def clocks(ticket: Ticket) -> dict[str, str]:
    return dict(SlaClock.objects.filter(ticket=ticket).values_list("metric", "state"))


def test_the_first_words_open_a_ticket_that_owes_a_reply(cast: Cast) -> None:
    chat = chat_by_guest(cast, "Hello, my washer is loud")
    ticket = chat.ticket
    assert (ticket.channel, ticket.subject, ticket.queue) == ("chat", "Hello, my washer is loud", cast.support_queue)
    assert clocks(ticket)["first_reply"] == "running"
    assert list(ticket.interactions.filter(is_public=True).values_list("channel", "body")) == [
        ("chat", "Hello, my washer is loud")
    ]


def test_the_agents_answer_stops_the_clock_of_the_first_reply(cast: Cast) -> None:
    chat = running(cast)
    says(chat, "Good day", by=cast.mei)
    assert clocks(chat.ticket)["first_reply"] == "met"


def test_begun_twice_is_one_chat_and_one_ticket(cast: Cast) -> None:
    same = start(cast)
    assert begin_chat(same) == begin_chat(same)
    assert (Chat.objects.count(), Ticket.objects.count()) == (1, 1)


def test_a_signed_in_customer_has_one_chat_at_a_time(cast: Cast) -> None:
    first = begin_chat(start(cast, customer=cast.zhao, account=cast.account, guest_name=""))
    assert begin_chat(start(cast, customer=cast.zhao, account=cast.account, guest_name="")) == first
    assert first.ticket.contact == cast.zhao.contact


def test_a_chat_about_a_request_goes_on_there(cast: Cast) -> None:
    about = open_ticket(
        by=cast.zhao, subject="E3", type=type_called("repair"), queue=cast.support_queue, account=cast.account,
        contact=cast.zhao.contact, channel="portal", body="It shows E3",
    )  # fmt: skip
    chat = begin_chat(start(cast, "Any news?", customer=cast.zhao, about=about, guest_name=""))
    assert chat.ticket == about
    assert about.interactions.filter(channel="chat", body="Any news?").exists()


def test_a_line_sent_twice_is_one_line(cast: Cast) -> None:
    chat = running(cast)
    assert says(chat, "It shakes", client_id="a") == says(chat, "It shakes", client_id="a")
    assert says(chat, "Since when?", by=cast.mei, client_id="b") == says(
        chat, "Since when?", by=cast.mei, client_id="b"
    )
    assert words(chat) == ["Hello, my washer is loud", "[joined]", "It shakes", "Since when?"]


def test_what_the_customer_writes_while_waiting_is_kept(cast: Cast) -> None:
    chat = chat_by_guest(cast)
    says(chat, "It also leaks")
    assert chat.ticket.interactions.filter(body="It also leaks", direction="in").exists()


def test_accepting_puts_the_agent_in_charge_of_the_ticket(cast: Cast) -> None:
    chat = running(cast)
    chat.ticket.refresh_from_db()
    assert (chat.state, chat.agent, chat.ticket.assignee) == (ChatState.TALKING, cast.mei, cast.mei)


def test_a_ticket_of_a_colleague_stays_with_them(cast: Cast) -> None:
    about = open_ticket(
        by=cast.zhao, subject="E3", type=type_called("repair"), queue=cast.support_queue, account=cast.account,
        contact=cast.zhao.contact, channel="portal", assignee=cast.sun,
    )  # fmt: skip
    running(cast, customer=cast.zhao, about=about, guest_name="")
    about.refresh_from_db()
    assert about.assignee == cast.sun


def test_only_who_holds_the_chat_writes_in_it(cast: Cast) -> None:
    chat = running(cast)
    with pytest.raises(PermissionDenied):
        says(chat, "Me too", by=cast.omar)


def test_nobody_writes_before_accepting(cast: Cast) -> None:
    ready(cast.mei)
    chat = chat_by_guest(cast)
    offer_chats()
    with pytest.raises(ChatMovedOn):
        says(chat, "Hello", by=cast.mei)


def test_files_of_both_sides_stand_on_the_ticket(cast: Cast, files: Path) -> None:
    chat = running(cast)
    customer_writes(chat.pk, body="See", client_id="c1", files=[MailFile("plate.txt", b"E3", "")])
    agent_writes(chat.pk, by=cast.mei, body="And this", client_id="a1", files=[MailFile("how.txt", b"Like so", "")])
    assert list(chat.ticket.attachments.values_list("name", "interaction__direction")) == [
        ("plate.txt", "in"), ("how.txt", "out"),
    ]  # fmt: skip


def test_nobody_came_leaves_a_ticket_with_what_was_written(cast: Cast) -> None:
    chat = chat_by_guest(cast)
    says(chat, "Anybody?")
    with clock.at(clock.now() + timedelta(seconds=301)):
        Chat.objects.update(customer_seen_at=clock.now())
        sweep_chats()
    chat.refresh_from_db()
    assert (chat.state, chat.end) == (ChatState.ENDED, ChatEnd.NOBODY)
    assert chat.ticket.interactions.filter(direction="in").count() == 2
    assert (chat.ticket.is_active, clocks(chat.ticket)["first_reply"]) == (True, "running")


def test_who_leaves_before_anybody_came_left_a_ticket(cast: Cast) -> None:
    chat = chat_by_guest(cast)
    with clock.at(clock.now() + timedelta(seconds=61)):
        sweep_chats()
    chat.refresh_from_db()
    assert chat.end == ChatEnd.LEFT
    assert chat.ticket.is_active


def test_written_out_of_hours_is_a_ticket_and_never_rings(cast: Cast) -> None:
    ready(cast.mei)
    chat = chat_by_guest(cast, is_answered=False)
    offer_chats()
    assert (chat.state, chat.end, seat_at(cast.mei)) == (ChatState.ENDED, ChatEnd.CLOSED, None)
    assert chat.ticket.interactions.filter(direction="in").count() == 1


def test_an_offer_that_rings_out_goes_to_the_next_agent(cast: Cast) -> None:
    cast.support_queue.memberships.create(user=cast.sun)
    ready(cast.mei, cast.sun)
    chat = chat_by_guest(cast)
    offer_chats()
    first = ChatSeat.objects.get(chat=chat)
    with clock.at(clock.now() + timedelta(seconds=21)):
        sweep_chats()
    second = ChatSeat.objects.get(chat=chat, state="ringing")
    assert {first.agent, second.agent} == {cast.mei, cast.sun}
    assert ChatSeat.objects.get(pk=first.pk).end == ChatSeat.End.TIMEOUT


def test_a_screen_that_dies_in_mid_chat_sends_the_chat_back_with_a_line(cast: Cast) -> None:
    chat = running(cast)
    rank = chat.rank
    with clock.at(clock.now() + timedelta(seconds=31)):
        sweep_chats()
    chat.refresh_from_db()
    assert (chat.state, chat.agent, chat.rank) == (ChatState.WAITING, None, rank)
    assert words(chat)[-1] == "[gone]"
    assert ChatSeat.objects.get(chat=chat).end == ChatSeat.End.GONE


def test_a_living_screen_keeps_its_chat(cast: Cast) -> None:
    chat = running(cast)
    with clock.at(clock.now() + timedelta(seconds=31)):
        AgentPresence.objects.update(last_seen_at=clock.now())
        sweep_chats()
    chat.refresh_from_db()
    assert chat.state == ChatState.TALKING


def test_either_side_ends_it_once(cast: Cast) -> None:
    chat = running(cast)
    leave_chat(chat.pk)
    leave_chat(chat.pk)
    finish_chat(chat.pk, by=cast.mei)
    chat.refresh_from_db()
    assert (chat.end, words(chat).count("[ended]"), chat.wrapped_at) == (ChatEnd.CUSTOMER, 1, None)
    wrap_up_chat(chat.pk, by=cast.mei)
    chat.refresh_from_db()
    assert chat.wrapped_at is not None


def test_leaving_while_it_rings_takes_the_offer_back(cast: Cast) -> None:
    ready(cast.mei)
    chat = chat_by_guest(cast)
    offer_chats()
    leave_chat(chat.pk)
    assert seat_at(cast.mei) is None
    assert ChatSeat.objects.get(chat=chat).end == ChatSeat.End.WITHDRAWN


def test_who_comes_back_in_time_goes_on_with_the_same_chat_and_agent(cast: Cast) -> None:
    cast.support_queue.memberships.create(user=cast.sun)
    chat = running(cast)
    ready(cast.sun)
    leave_chat(chat.pk)
    says(chat, "One more thing")
    offer_chats()
    assert ChatSeat.objects.get(chat=chat, state="ringing").agent == cast.mei
    assert words(chat)[-3:] == ["[ended]", "[back]", "One more thing"]


def test_after_the_window_a_chat_is_over_for_good(cast: Cast) -> None:
    chat = running(cast)
    leave_chat(chat.pk)
    with clock.at(clock.now() + timedelta(seconds=ChatRules.current().back_within_s + 1)), pytest.raises(ChatMovedOn):
        says(chat, "One more thing")


def test_passed_to_a_queue_it_rings_there_with_a_note_for_colleagues(cast: Cast) -> None:
    chat = running(cast)
    ready(cast.omar)
    pass_chat_on(chat.pk, by=cast.mei, queue=cast.billing_queue, note="Wants an invoice")
    offer_chats()
    chat = taken_by(cast.omar, chat)
    chat.ticket.refresh_from_db()
    assert (chat.agent, chat.ticket.queue, chat.ticket.assignee) == (cast.omar, cast.billing_queue, cast.omar)
    note = Interaction.objects.get(channel="note")
    assert (note.body, note.is_public) == ("Wants an invoice", False)


def test_a_colleague_without_room_is_refused_and_nothing_changes(cast: Cast) -> None:
    chat = running(cast)
    with pytest.raises(NoRoom):
        pass_chat_on(chat.pk, by=cast.mei, to=cast.omar)
    chat.refresh_from_db()
    assert (chat.state, chat.agent) == (ChatState.TALKING, cast.mei)


def test_a_colleague_who_is_asked_need_not_serve_the_queue(cast: Cast) -> None:
    chat = running(cast)
    ready(cast.omar)
    pass_chat_on(chat.pk, by=cast.mei, to=cast.omar)
    offer_chats()
    seat = seat_at(cast.omar)
    assert seat is not None
    assert seat.chat == chat


def test_marks_only_grow_and_never_beyond_what_is_there(cast: Cast) -> None:
    chat = running(cast)
    customer_is_here(chat, got=2, read=1)
    customer_is_here(chat, got=1, read=0)
    agent_has_read(chat, read=99)
    chat.refresh_from_db()
    assert (chat.customer_got, chat.customer_read, chat.agent_read) == (2, 1, 2)


def test_an_unknown_address_of_a_guest_becomes_a_contact(cast: Cast) -> None:
    chat = chat_by_guest(cast, guest_email="wang@example.com")
    assert chat.ticket.contact is not None
    assert chat.ticket.contact.name == "Wang"


def test_a_guest_who_names_a_known_address_is_not_taken_for_its_owner(cast: Cast) -> None:
    create_contact(by=None, name="Li Na", points=[NewPoint(ContactPoint.Kind.EMAIL, "li@example.com")])
    chat = chat_by_guest(cast, guest_email="li@example.com")
    assert chat.ticket.contact is None
    assert Contact.objects.filter(name="Wang").count() == 0


def test_a_silent_chat_ends_and_frees_its_slot(cast: Cast) -> None:
    chat = running(cast)
    with clock.at(clock.now() + timedelta(seconds=ChatRules.current().silence_limit_s + 1)):
        AgentPresence.objects.update(last_seen_at=clock.now())
        sweep_chats()
    chat.refresh_from_db()
    assert chat.end == ChatEnd.SILENT
