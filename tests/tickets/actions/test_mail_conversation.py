"""A conversation of twenty mails with three people on copy, in any order: one ticket, and nobody else's eyes."""

from pathlib import Path
from random import Random

import pytest

from crmcore import clock
from tests.cast import Cast
from tests.tickets.mail_room import ADDRESS, MailRoom, letter, make_mailbox, ticket_of
from tests.tickets.mail_servers import smtp_server, words_of
from tickets.actions.mail_drafting import Envelope
from tickets.actions.mail_outbox import deliver_due
from tickets.actions.mailing import send_mail
from tickets.actions.replies import add_note
from tickets.mail.addresses import Address
from tickets.models import Interaction, Mail, Ticket

PEOPLE = [f"{name}@linden-hotels.net" for name in ("lina", "boss", "aide", "tech")]
SPY = "spy@elsewhere.net"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twenty_mails_out_of_order_stay_one_ticket_and_leak_nothing(cast: Cast, files: Path, seed: int) -> None:
    order = Random(seed)
    with smtp_server() as smtp:
        room = MailRoom(make_mailbox(cast, smtp_port=smtp.port))
        ids: list[str] = []
        letters: list[bytes] = []
        for number in range(14):
            sender = PEOPLE[number % 4]
            others = ", ".join(one for one in PEOPLE if one != sender)
            chain = " ".join(ids[-5:])
            letters.append(
                letter(f"Words {number}", sender, ADDRESS, others, "Re: Printer", f"<{number}@l.net>", chain)
            )
            ids.append(f"<{number}@l.net>")
        for start in range(0, 14, 4):
            few = letters[start : start + 4]
            order.shuffle(few)
            for raw in few:
                room.post(raw)
            ticket = Ticket.objects.get()
            _answer(ticket, cast, start)
            room.post(letter("Let me in", SPY, ADDRESS, "", "Re: Printer", f"<spy{start}@x.net>", ids[start]))
            add_note(ticket, by=cast.mei, body=f"secret {start}")
        deliver_due(clock.now())
        ticket = Ticket.objects.get()
        assert {mail.ticket_id for mail in Mail.objects.filter(direction="in")} == {ticket.pk}
        said = Interaction.objects.filter(ticket=ticket, direction="in", is_public=True).values_list("body", flat=True)
        assert sorted(said) == sorted(f"Words {number}" for number in range(14))
        assert {one.email for one in ticket.participants.filter(is_active=True)} <= set(PEOPLE)
        assert {email for to, _raw in smtp.envelopes for email in to} <= set(PEOPLE)
        sent = [words_of(raw) for _to, raw in smtp.envelopes]
        assert any("Answer 0" in words for words in sent)
        assert not any("secret" in words or "Let me in" in words for words in sent)
        assert ticket_of(Mail.objects.filter(direction="in")[0]) == ticket


def _answer(ticket: Ticket, cast: Cast, number: int) -> None:
    first, *others = (Address(email) for email in PEOPLE)
    send_mail(ticket, f"Answer {number}", Envelope((first,), tuple(others)), by=cast.mei, token=f"t{number}")
