"""Suppliers and colleagues are asked beside the ticket: their thread and the customer's never meet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from crmcore import clock
from servicedesk.portal.requests import conversation
from tests.cast import Cast
from tests.tickets.mail_room import MailRoom, know, make_mailbox, ticket_of
from tests.tickets.mail_servers import Smtp, smtp_server, words_of
from tickets.actions.mail_drafting import Envelope
from tickets.actions.mail_outbox import deliver_due
from tickets.actions.mailing import MailNotSent, send_mail
from tickets.actions.side_conversations import open_side_conversation, write_beside
from tickets.mail.addresses import Address
from tickets.mail.message import parse
from tickets.models import Mail, SideConversation, SlaClock, Ticket

PARTS = Address("sales@parts-supplier.net")


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def room(cast: Cast, smtp: Smtp, files: Path) -> MailRoom:
    assert cast.zhao.contact is not None
    know(cast.zhao.contact, "zhao@zhao-home.net")
    return MailRoom(make_mailbox(cast, smtp_port=smtp.port, acknowledges=False))


@pytest.fixture
def ticket(room: MailRoom) -> Ticket:
    return ticket_of(room.write(sender="zhao@zhao-home.net"))


def ask(ticket: Ticket, cast: Cast, form: str = "s1") -> SideConversation:
    return open_side_conversation(
        ticket, by=cast.mei, people=(PARTS,), subject="Spare part K-200", body="Have you one?", token=form
    )


def test_a_supplier_is_asked_and_learns_nothing_of_the_customer(ticket: Ticket, cast: Cast, smtp: Smtp) -> None:
    ask(ticket, cast)
    deliver_due(clock.now())
    to, raw = smtp.envelopes[0]
    mail = parse(raw)
    assert to == ["sales@parts-supplier.net"]
    assert "Have you one?" in mail.words.new
    assert not mail.references
    for secret in ("zhao", "The printer is broken", "赵敏"):
        assert secret not in words_of(raw)


def test_the_customer_never_sees_it(room: MailRoom, ticket: Ticket, cast: Cast, smtp: Smtp) -> None:
    ask(ticket, cast)
    deliver_due(clock.now())
    sent = parse(smtp.envelopes[0][1])
    answer = room.write("20 euros for you", sender=PARTS.email, answers=sent.message_id)
    assert (answer.ticket, answer.is_outsider) == (ticket, False)
    words = [message.body for message in conversation(ticket, cast.zhao)]
    assert words == ["The printer is broken."]
    send_mail(ticket, "We have a part", Envelope((Address("zhao@zhao-home.net"),)), by=cast.mei, token="t")
    deliver_due(clock.now())
    assert "We have a part" in words_of(smtp.envelopes[1][1])
    assert "20 euros" not in words_of(smtp.envelopes[1][1])
    assert "parts-supplier" not in words_of(smtp.envelopes[1][1])


def test_it_moves_no_clock(room: MailRoom, ticket: Ticket, cast: Cast) -> None:
    side = ask(ticket, cast)
    room.write("We have", sender=PARTS.email, answers=side.mails.get().message_id)
    assert SlaClock.objects.get(ticket=ticket, metric="first_reply").state == "running"
    assert Ticket.objects.get(pk=ticket.pk).waiting_on == "us"


def test_answers_go_back_and_forth_in_their_own_thread(room: MailRoom, ticket: Ticket, cast: Cast, smtp: Smtp) -> None:
    side = ask(ticket, cast)
    answer = room.write("We have", sender=PARTS.email, to=_reply_to(smtp))
    write_beside(side, by=cast.mei, body="Send it", token="s2")
    deliver_due(clock.now())
    assert answer.side == side
    assert parse(smtp.envelopes[1][1]).references[0] == answer.message_id


def test_somebody_else_in_the_suppliers_thread_is_marked(room: MailRoom, ticket: Ticket, cast: Cast) -> None:
    side = ask(ticket, cast)
    assert room.write("Hello", sender="eve@elsewhere.net", answers=side.mails.get().message_id).is_outsider


def test_the_customer_is_not_asked_behind_their_back(ticket: Ticket, cast: Cast) -> None:
    with pytest.raises(MailNotSent):
        open_side_conversation(
            ticket, by=cast.mei, people=(Address("zhao@zhao-home.net"),), subject="", body="x", token="s"
        )


def test_one_form_asks_once(ticket: Ticket, cast: Cast) -> None:
    assert ask(ticket, cast) == ask(ticket, cast)
    assert Mail.objects.filter(direction="out").count() == 1


def test_its_pages_open_under_the_rights_of_the_ticket(ticket: Ticket, cast: Cast, client: Client) -> None:
    client.force_login(cast.mei)
    fields = {"people": PARTS.email, "subject": "Part", "body": "Have you one?"}
    there = client.post(reverse("tickets:new_side", args=[ticket.number]), fields)["Location"]
    assert b"Have you one?" in client.get(there).content
    assert b"Asked of others" in client.get(reverse("tickets:ticket", args=[ticket.number])).content
    wrong = client.post(reverse("tickets:new_side", args=[ticket.number]), {**fields, "people": "nobody"})
    assert wrong.status_code == 422
    assert b"Have you one?" in wrong.content
    client.force_login(cast.omar)
    assert client.get(there).status_code == 404


def _reply_to(smtp: Smtp) -> str:
    deliver_due(clock.now())
    return parse(smtp.envelopes[0][1]).reply_to[0].email
