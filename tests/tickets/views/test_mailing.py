"""E-mail and files on a ticket's page."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tests.tickets.mail_room import MailRoom, make_mailbox, ticket_of
from tickets.actions.lifecycle import assign_ticket
from tickets.actions.merging import merge_tickets
from tickets.models import Attachment, Mail, Ticket

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def room(cast: Cast, files: Path) -> MailRoom:
    return MailRoom(make_mailbox(cast, acknowledges=False))


@pytest.fixture
def ticket(room: MailRoom, cast: Cast, client: Client) -> Ticket:
    """A ticket by e-mail with the boss on copy; Mei looks at it."""
    client.force_login(cast.mei)
    return ticket_of(room.write(cc="Boss <boss@linden-hotels.net>"))


def fields(ticket: Ticket, **changes: str) -> dict[str, str]:
    found = {"mode": "email", "body": "Restart it", "mail_to": "lina@linden-hotels.net", "mail_cc": "", "mail_bcc": ""}
    return {**found, "seen_seq": str(Ticket.objects.get(pk=ticket.pk).seq), **changes}


def test_the_fields_show_who_will_get_the_answer(ticket: Ticket, client: Client) -> None:
    page = client.get(reverse("tickets:compose", args=[ticket.number])).content.decode()
    assert 'value="Li Na &lt;lina@linden-hotels.net&gt;"' in page
    assert 'value="Boss &lt;boss@linden-hotels.net&gt;"' in page
    assert 'id="mode-email' in page


def test_what_the_fields_say_is_what_goes(ticket: Ticket, client: Client) -> None:
    client.post(reverse("tickets:compose", args=[ticket.number]), fields(ticket, mail_cc="aide@linden-hotels.net"))
    mail = Mail.objects.get(direction="out")
    assert [(one.role, one.email) for one in mail.recipients.all()] == [
        ("to", "lina@linden-hotels.net"),
        ("cc", "aide@linden-hotels.net"),
    ]


def test_a_wrong_address_loses_nothing(ticket: Ticket, client: Client) -> None:
    typed = fields(ticket, mail_cc="boss at linden", mail_bcc="x@y.net")
    page = client.post(reverse("tickets:compose", args=[ticket.number]), typed, headers=FRAGMENT).content.decode()
    assert not Mail.objects.filter(direction="out").exists()
    for kept in ("Restart it", "boss at linden", "x@y.net", "boss at linden is no e-mail address."):
        assert kept in page


def test_files_wait_in_the_composer_of_their_person(ticket: Ticket, cast: Cast, client: Client) -> None:
    url = reverse("tickets:add_file", args=[ticket.number])
    sent = [SimpleUploadedFile("a.pdf", b"%PDF-1.4"), SimpleUploadedFile("b.exe", b"MZ")]
    page = client.post(url, {"files": sent}, headers=FRAGMENT).content.decode()
    assert "a.pdf" in page
    assert "b.exe is a program" in page
    file = Attachment.objects.get()
    assert client.get(reverse("tickets:file", args=[file.public_id])).status_code == 200
    client.force_login(cast.sun)
    assert client.get(reverse("tickets:file", args=[file.public_id])).status_code == 404


def test_a_file_is_always_saved_and_never_run(room: MailRoom, ticket: Ticket, client: Client) -> None:
    client.post(
        reverse("tickets:add_file", args=[ticket.number]), {"files": SimpleUploadedFile("x.html", b"<script>alert(1)")}
    )
    client.post(reverse("tickets:compose", args=[ticket.number]), fields(ticket, mode="note"))
    answer = client.get(reverse("tickets:file", args=[Attachment.objects.get().public_id]))
    assert answer["Content-Disposition"] == 'attachment; filename="x.html"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_a_note_is_not_the_customers(open_at: OpenTicket, cast: Cast, client: Client, files: Path) -> None:
    ticket = open_at("2026-11-20T10:00")
    client.force_login(cast.mei)
    client.post(
        reverse("tickets:add_file", args=[ticket.number]), {"files": SimpleUploadedFile("secret.pdf", b"%PDF-1.4")}
    )
    client.post(reverse("tickets:compose", args=[ticket.number]), fields(ticket, mode="note"))
    file = Attachment.objects.get()
    assert Attachment.objects.visible_to(cast.mei).filter(pk=file.pk).exists()
    assert not Attachment.objects.visible_to(cast.zhao).filter(pk=file.pk).exists()


def test_who_may_not_see_the_ticket_gets_no_file(room: MailRoom, ticket: Ticket, cast: Cast, client: Client) -> None:
    client.post(reverse("tickets:add_file", args=[ticket.number]), {"files": SimpleUploadedFile("a.pdf", b"%PDF-1.4")})
    client.post(reverse("tickets:compose", args=[ticket.number]), fields(ticket))
    assign_ticket(ticket, to=None, queue=cast.billing_queue, by=cast.ada)
    client.force_login(cast.omar)
    assert client.get(reverse("tickets:file", args=[Attachment.objects.get().public_id])).status_code == 200
    client.force_login(cast.mei)
    assert client.get(reverse("tickets:file", args=[Attachment.objects.get().public_id])).status_code == 404


def test_a_stranger_is_named_and_can_be_let_in(room: MailRoom, ticket: Ticket, client: Client) -> None:
    first = Mail.objects.get(ticket=ticket)
    eve = room.write("Let me in", sender="Eve <eve@elsewhere.net>", answers=first.message_id)
    page = client.get(reverse("tickets:thread", args=[ticket.number])).content.decode()
    assert "is not part of the conversation" in page
    assert "eve@elsewhere.net" in page
    client.post(reverse("tickets:let_in", args=[eve.pk]))
    assert room.write("Thanks", sender="eve@elsewhere.net", answers=first.message_id).is_outsider is False


def test_the_timeline_asks_few_questions(
    room: MailRoom, ticket: Ticket, client: Client, django_assert_max_num_queries: object
) -> None:
    first = Mail.objects.get(ticket=ticket)
    for number in range(10):
        room.write(f"More {number}", answers=first.message_id)
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        client.get(reverse("tickets:thread", args=[ticket.number]))


def test_mail_and_files_of_a_merged_ticket_go_on_in_the_other(
    room: MailRoom, ticket: Ticket, cast: Cast, client: Client
) -> None:
    first = Mail.objects.get(ticket=ticket)
    url = reverse("tickets:add_file", args=[ticket.number])
    client.post(url, {"files": SimpleUploadedFile("a.pdf", b"%PDF-1.4")})
    client.post(reverse("tickets:compose", args=[ticket.number]), fields(ticket, mode="note"))
    other = ticket_of(room.write("Also this", sender="Omar <omar@elsewhere.net>", subject="Same matter"))
    assign_ticket(other, to=None, queue=cast.billing_queue, by=cast.ada)
    merge_tickets(ticket, other, by=cast.ada)
    more = room.write("More", answers=first.message_id)
    assert (more.ticket, more.is_outsider) == (other, False)
    client.force_login(cast.omar)
    assert client.get(reverse("tickets:file", args=[Attachment.objects.get().public_id])).status_code == 200
