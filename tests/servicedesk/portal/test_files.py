"""Files between customer and desk on the portal."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, make_cast
from tests.tickets.mail_room import MailRoom, know, make_mailbox, ticket_of
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.files import upload
from tickets.actions.replies import add_note
from tickets.models import Attachment, Interaction, Ticket


@pytest.fixture
def cast(db: None, client: Client, files: Path) -> Cast:
    cast = make_cast()
    ensure_ticket_defaults()
    client.force_login(cast.zhao)
    return cast


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    assert cast.zhao.contact is not None
    know(cast.zhao.contact, "zhao@zhao-home.net")
    return ticket_of(MailRoom(make_mailbox(cast)).write(sender="zhao@zhao-home.net"))


def reply(client: Client, ticket: Ticket, *sent: SimpleUploadedFile, once: str = "o1") -> int:
    fields = {"body": "See the photo", "once": once, "files": sent}
    return client.post(reverse("portal:reply", args=[ticket.number]), fields).status_code


def test_a_customer_sends_a_file_once_and_fetches_it(client: Client, ticket: Ticket) -> None:
    for _tap in range(2):
        reply(client, ticket, SimpleUploadedFile("photo.png", b"\x89PNG\r\n\x1a\n"))
    file = Attachment.objects.get()
    page = client.get(reverse("portal:request", args=[ticket.number])).content.decode()
    address = reverse("portal:file", args=[file.public_id])
    assert address in page
    assert client.get(address)["Content-Disposition"].startswith("attachment")


def test_a_program_is_refused_and_the_words_stay(client: Client, ticket: Ticket) -> None:
    fields = {"body": "See this", "once": "o2", "files": SimpleUploadedFile("a.exe", b"MZ")}
    answer = client.post(reverse("portal:reply", args=[ticket.number]), fields)
    assert answer.status_code == 422
    assert "See this" in answer.content.decode()
    assert not Interaction.objects.filter(channel="portal").exists()


def test_files_of_notes_and_of_others_are_not_fetched(client: Client, ticket: Ticket, cast: Cast) -> None:
    upload(ticket, by=cast.mei, name="secret.pdf", data=b"%PDF-1.4")
    add_note(ticket, by=cast.mei, body="For us")
    assert client.get(reverse("portal:file", args=[Attachment.objects.get().public_id])).status_code == 404
    reply(client, ticket, SimpleUploadedFile("photo.png", b"\x89PNG\r\n\x1a\n"))
    client.logout()
    latest = Attachment.objects.latest("pk")
    assert client.get(reverse("portal:file", args=[latest.public_id])).status_code in (302, 404)
