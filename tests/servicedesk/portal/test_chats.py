"""The chat page: who gets in, whose chat one sees, what is refused with words, what waits on a ticket."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crmcore import clock
from crmcore.models import Calendar, CalendarVersion, User
from servicedesk.live.topics import listener_for, may_listen
from tests.cast import Cast, ready
from tests.tickets.chat_room import says, taken_by
from tickets.actions.chat_offers import offer_chats
from tickets.models import Chat, ChatRules, Ticket

BEGIN = "/portal/chat/begin/"


def first_words(**changes: str) -> dict[str, str]:
    return {"name": "Wang", "email": "", "body": "My router blinks", "once": "a1", **changes}


@pytest.fixture
def open_desk(cast: Cast) -> Cast:
    """Mei is there."""
    ready(cast.mei)
    return cast


@pytest.fixture
def chat(open_desk: Cast, client: Client) -> Chat:
    """A guest's own chat, in whose browser `client` is."""
    client.post(BEGIN, first_words())
    return Chat.objects.get()


def test_a_guest_begins_with_a_name_and_words(open_desk: Cast, client: Client) -> None:
    answer = client.post(BEGIN, first_words(), follow=True)
    assert "My router blinks" in answer.content.decode()
    assert Chat.objects.get().guest_name == "Wang"


def test_sent_twice_it_is_one_chat(open_desk: Cast, client: Client) -> None:
    for _tap in range(2):
        client.post(BEGIN, first_words())
    assert (Chat.objects.count(), Ticket.objects.count()) == (1, 1)


def test_the_token_of_somebody_elses_form_opens_nothing_of_theirs(open_desk: Cast, client: Client) -> None:
    client.post(BEGIN, first_words())
    other = Client()
    other.post(BEGIN, first_words(body="Mine"))
    assert Chat.objects.count() == 2
    assert "My router blinks" not in other.get("/portal/chat/lines/").content.decode()


def test_nobody_there_asks_a_guest_for_an_address_and_keeps_what_was_written(cast: Cast, client: Client) -> None:
    refused = client.post(BEGIN, first_words())
    assert refused.status_code == 422
    assert "My router blinks" in refused.content.decode()
    client.post(BEGIN, first_words(email="wang@example.com"))
    chat = Chat.objects.get()
    assert (chat.end, chat.ticket.contact is not None) == ("closed", True)


def test_a_signed_in_customer_is_known(open_desk: Cast, zhao: Client) -> None:
    zhao.post(BEGIN, {"body": "Hello", "once": "z"})
    chat = Chat.objects.get()
    assert (chat.customer, chat.ticket.contact) == (open_desk.zhao, open_desk.zhao.contact)
    assert "Hello" in zhao.get("/portal/chat/").content.decode()


def test_a_chat_about_somebody_elses_request_is_a_chat_of_its_own(
    open_desk: Cast, ticket: Ticket, stranger: User, client: Client
) -> None:
    client.force_login(stranger)
    client.post(BEGIN, {"body": "Hello", "once": "z", "request": ticket.number})
    assert Chat.objects.get().ticket != ticket


def test_a_chat_that_is_switched_off_says_so(open_desk: Cast, client: Client) -> None:
    ChatRules.objects.create(pk=1, is_on=False)
    assert "There is no chat at the moment" in client.get("/portal/chat/").content.decode()
    client.post(BEGIN, first_words())
    assert not Chat.objects.exists()


def test_without_a_chat_of_ones_own_there_is_nothing_to_read(chat: Chat) -> None:
    for name in ("lines", "standing"):
        assert Client().get(reverse(f"portal:chat-{name}")).status_code == 404
    assert Client().post("/portal/chat/say/", {"body": "x", "once": "y"}).status_code == 404


def test_lines_are_refused_with_words(chat: Chat, client: Client) -> None:
    assert client.post("/portal/chat/say/", {"body": "", "once": "l1"}).status_code == 422
    program = SimpleUploadedFile("run.exe", b"MZ\x90\x00" + b"\0" * 100)
    refused = client.post("/portal/chat/say/", {"body": "see", "once": "l2", "files": program})
    assert (refused.status_code, "program" in refused.content.decode()) == (422, True)
    assert chat.lines.count() == 1


def test_a_script_is_slowed_down(chat: Chat, client: Client) -> None:
    answers = [client.post("/portal/chat/say/", {"body": "x", "once": str(n)}).status_code for n in range(62)]
    assert answers[-1] == 422


def test_a_guest_fetches_the_files_of_their_chat_and_of_no_other(chat: Chat, client: Client, files: Path) -> None:
    sent = SimpleUploadedFile("plate.txt", b"E3")
    client.post("/portal/chat/say/", {"body": "see", "once": "l1", "files": sent})
    file = chat.ticket.attachments.get()
    address = reverse("portal:chat-file", args=[file.public_id])
    assert client.get(address).status_code == 200
    assert Client().get(address).status_code == 404


def test_what_is_written_is_shown_as_text(chat: Chat, client: Client) -> None:
    says(chat, "<script>alert(1)</script>")
    assert "<script>alert(1)" not in client.get("/portal/chat/lines/").content.decode()


def test_a_guest_hears_their_own_chat_only(chat: Chat, client: Client, open_desk: Cast) -> None:
    listener = listener_for(AnonymousUser(), "", client.session)
    heard = [f"chat:{chat.pk}", f"typing:{chat.pk}", f"chat:{chat.pk + 1}", f"ticket:{chat.ticket_id}", "board"]
    assert [may_listen(listener, topic) for topic in heard] == [True, True, False, False, False]


def test_staff_hear_the_chats_they_may_see(chat: Chat, open_desk: Cast) -> None:
    heard = [may_listen(listener_for(user), f"chat:{chat.pk}") for user in (open_desk.mei, open_desk.omar)]
    assert heard == [True, False]


def test_the_page_says_who_is_there_and_what_was_read(chat: Chat, client: Client, open_desk: Cast) -> None:
    offer_chats()
    taken_by(open_desk.mei, chat)
    says(chat, "Good day", by=open_desk.mei)
    shown = client.get("/portal/chat/").content.decode()
    assert "Mei" in shown
    assert "Read" in shown


def test_leaving_keeps_the_words_and_leads_to_a_new_chat(chat: Chat, client: Client) -> None:
    answer = client.post("/portal/chat/leave/", follow=True)
    assert "My router blinks" in answer.content.decode()
    assert "Start the chat" in client.get("/portal/chat/?new=1").content.decode()


def test_strangers_read_the_hours_on_the_clock_of_the_desk(cast: Cast, client: Client) -> None:
    calendar = Calendar.objects.create(code="shanghai", name="Shanghai")
    CalendarVersion.objects.create(
        calendar=calendar,
        number=1,
        time_zone="Asia/Shanghai",
        weekly={day: [["08:30", "09:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
        effective_from=clock.now() - timedelta(days=1),
        published_at=clock.now(),
    )
    cast.support_queue.calendar = calendar
    cast.support_queue.save()
    with clock.at(datetime(2026, 1, 5, 12, tzinfo=UTC) + timedelta(days=400)):
        assert "08:30" in client.get("/portal/chat/").content.decode()
