"""Chats on the console: taken once, written by who holds them, passed on, ended, wrapped up."""

import pytest
from django.test import Client

from crmcore.models import User
from tests.cast import Cast, make_cast, ready
from tests.servicedesk.console.conftest import signed_in
from tests.tickets.chat_room import chat_by_guest, seat_at, taken_by
from tickets.actions.chat_offers import offer_chats
from tickets.actions.chats import leave_chat
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.models import Category, Chat, ChatState


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast()
    ensure_ticket_defaults()
    ready(made.mei)
    return made


@pytest.fixture
def chat(cast: Cast) -> Chat:
    """A chat that Mei holds."""
    made = chat_by_guest(cast)
    offer_chats()
    return taken_by(cast.mei, made)


def post(user: User, chat: Chat, deed: str, **values: str) -> int:
    return signed_in(user).post(f"/console/chats/{chat.pk}/{deed}/", values).status_code


def test_the_strip_shows_what_rings_here_and_nothing_else(cast: Cast) -> None:
    chat_by_guest(cast)
    offer_chats()
    assert "My washer" not in signed_in(cast.omar).get("/console/chats/strip/").content.decode()
    assert "Wang" in signed_in(cast.mei).get("/console/chats/strip/").content.decode()


def test_who_comes_late_is_told(cast: Cast) -> None:
    chat = chat_by_guest(cast)
    offer_chats()
    seat = seat_at(cast.mei)
    assert seat is not None
    leave_chat(chat.pk)
    answer = signed_in(cast.mei).post(f"/console/chats/offers/{seat.pk}/accept/")
    assert (answer.status_code, "no longer" in answer.json()["title"]) == (409, True)
    assert signed_in(cast.omar).post(f"/console/chats/offers/{seat.pk}/accept/").status_code == 403


def test_taking_it_twice_is_taking_it_once(cast: Cast) -> None:
    chat_by_guest(cast)
    offer_chats()
    seat = seat_at(cast.mei)
    assert seat is not None
    browser = signed_in(cast.mei)
    answers = [browser.post(f"/console/chats/offers/{seat.pk}/accept/").json() for _ in range(2)]
    assert answers[0] == answers[1]


def test_colleagues_without_the_right_find_nothing(cast: Cast, chat: Chat) -> None:
    assert signed_in(cast.omar).get(f"/console/chats/{chat.pk}/").status_code == 404
    assert post(cast.omar, chat, "say", body="Hi", once="1") == 403


def test_a_supervisor_reads_along_and_cannot_write(cast: Cast, chat: Chat) -> None:
    shown = signed_in(cast.sun).get(f"/console/chats/{chat.pk}/").content.decode()
    assert "my washer is loud" in shown
    assert 'data-chat-state="look"' in shown
    assert post(cast.sun, chat, "say", body="Hi", once="1") == 403


def test_only_the_holders_reading_counts(cast: Cast, chat: Chat) -> None:
    post(cast.sun, chat, "here", read="2")
    chat.refresh_from_db()
    assert chat.agent_read == 0
    post(cast.mei, chat, "here", read="2")
    chat.refresh_from_db()
    assert chat.agent_read == 2


def test_nonsense_is_refused_and_changes_nothing(cast: Cast, chat: Chat) -> None:
    assert post(cast.mei, chat, "say", body="", once="1") == 422
    assert post(cast.mei, chat, "say", body="x", once="") == 422
    assert post(cast.mei, chat, "here", read="²") == 204
    for to in ("", "queue:", "queue:x", "user:999999", "moon:1", f"user:{cast.mei.pk}"):
        assert post(cast.mei, chat, "pass-on", to=to, note="kept") == 422
    chat.refresh_from_db()
    assert chat.state == ChatState.TALKING


def test_passed_on_to_a_queue_it_leaves_my_list(cast: Cast, chat: Chat) -> None:
    assert post(cast.mei, chat, "pass-on", to=f"queue:{cast.billing_queue.pk}") == 200
    assert "data-open-chat" not in signed_in(cast.mei).get("/console/chats/list/").content.decode()


def test_the_wrap_up_leaves_a_note_and_solves_the_ticket(cast: Cast, chat: Chat) -> None:
    assert post(cast.mei, chat, "end") == 200
    assert post(cast.mei, chat, "wrap-up", note="Belt slipped", subject="Loud washer", then="solved") == 200
    chat.ticket.refresh_from_db()
    assert (chat.ticket.subject, chat.ticket.status.category) == ("Loud washer", Category.SOLVED)
    assert chat.ticket.interactions.filter(channel="note", body="Belt slipped").exists()
    assert "data-open-chat" not in signed_in(cast.mei).get("/console/chats/list/").content.decode()


def test_a_running_chat_is_not_wrapped_up(cast: Cast, chat: Chat) -> None:
    assert post(cast.mei, chat, "wrap-up", note="x") == 409
    assert not chat.ticket.interactions.filter(channel="note").exists()


def test_customers_are_no_staff(cast: Cast, chat: Chat, client: Client) -> None:
    client.force_login(cast.zhao)
    assert client.get(f"/console/chats/{chat.pk}/").status_code == 403
