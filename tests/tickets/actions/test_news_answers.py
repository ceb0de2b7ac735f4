"""Answers to news mail come back to the ticket."""

import pytest

from crmcore.models import Letter
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tests.tickets.mail_room import ADDRESS, MailRoom, make_mailbox
from tickets.actions.customer_news import LONGEST
from tickets.actions.replies import reply
from tickets.models import Mailbox, Ticket

NOW = "2026-01-05T09:00"


@pytest.fixture
def ticket(open_at: OpenTicket) -> Ticket:
    return open_at(NOW)


def told(ticket: Ticket, cast: Cast) -> Letter:
    Letter.objects.all().delete()
    reply(ticket, by=cast.mei, body="We send somebody")
    return Letter.objects.get()


def test_without_a_mailbox_nobody_is_asked_to_answer(ticket: Ticket, cast: Cast) -> None:
    letter = told(ticket, cast)
    assert letter.reply_to == ""
    assert "answer this mail" not in letter.foot


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("tags", [True, False])
def test_an_answer_stands_on_the_ticket(ticket: Ticket, cast: Cast, tags: bool) -> None:
    room = MailRoom(make_mailbox(cast, tags_address=tags))
    letter = told(ticket, cast)
    assert "answer this mail" in letter.foot
    assert letter.reply_to.startswith("support+" if tags else ADDRESS)
    came = room.write("Thank you", sender="zhao@example.com", to=letter.reply_to, subject=f"Re: {letter.subject}")
    assert came.ticket == ticket
    assert ticket.interactions.filter(body__contains="Thank you", channel="email").exists()


def test_a_long_subject_keeps_its_mark(ticket: Ticket, cast: Cast) -> None:
    make_mailbox(cast, tags_address=False)
    Ticket.objects.filter(pk=ticket.pk).update(subject="x" * LONGEST)
    letter = told(Ticket.objects.get(pk=ticket.pk), cast)
    assert len(letter.subject) <= LONGEST
    assert letter.subject.endswith("]")


def test_a_retired_mailbox_takes_no_answers(ticket: Ticket, cast: Cast) -> None:
    make_mailbox(cast)
    Mailbox.objects.update(is_active=False)
    assert told(ticket, cast).reply_to == ""
