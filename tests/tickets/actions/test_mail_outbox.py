"""Mail that goes, by a real server: to whom it was addressed and nobody else, and what became of it is known."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crmcore import clock
from crmcore.models import Contact
from tests.cast import Cast
from tests.tickets.mail_room import ADDRESS, MailRoom, know, make_mailbox, ticket_of
from tests.tickets.mail_servers import Smtp, free_port, smtp_server, words_of
from tickets.actions.changing import StaleTicket
from tickets.actions.files import FileRefused, upload
from tickets.actions.mail_drafting import Envelope
from tickets.actions.mail_outbox import PAUSES, deliver_due
from tickets.actions.mailing import MailNotSent, send_again, send_mail
from tickets.mail.addresses import Address
from tickets.mail.message import parse
from tickets.models import Attachment, Mail, SlaClock, Ticket

People = tuple[Address, ...]
LINA, BOSS, SPY = (Address(f"{name}@linden-hotels.net") for name in ("lina", "boss", "spy"))


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def room(cast: Cast, smtp: Smtp, files: Path) -> MailRoom:
    return MailRoom(make_mailbox(cast, smtp_port=smtp.port, acknowledges=False))


@pytest.fixture
def ticket(room: MailRoom) -> Ticket:
    return ticket_of(room.write())


def send(ticket: Ticket, cast: Cast, *, cc: People = (), bcc: People = (), form: str = "t") -> Mail:
    """Mei answers, and the mail goes."""
    mail = send_mail(ticket, "Please restart it.", Envelope((LINA,), cc, bcc), by=cast.mei, token=form)
    deliver_due(clock.now())
    mail.refresh_from_db()
    return mail


def bounce(mail: Mail, status: str = "5.1.1", action: str = "failed") -> str:
    return (
        "From: MAILER-DAEMON@mx.net\nTo: x@y\nSubject: Undelivered\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\n'
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; lina@linden-hotels.net\n"
        f"Action: {action}\nStatus: {status}\n"
        f"\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {mail.message_id}\n\n--b--\n"
    )


def test_an_answer_threads_in_the_customers_program(ticket: Ticket, cast: Cast, smtp: Smtp) -> None:
    first = Mail.objects.get(ticket=ticket)
    send(ticket, cast)
    message = smtp.messages[0]
    assert (message["In-Reply-To"], message["References"]) == (first.message_id, first.message_id)
    assert message["Subject"].startswith("Re: Printer [")
    assert message["Auto-Submitted"] is None
    assert "+" in message["Reply-To"]


def test_an_answer_stands_above_what_it_answers(ticket: Ticket, cast: Cast, smtp: Smtp) -> None:
    send(ticket, cast)
    text = smtp.messages[0].get_body(("plain",))
    assert text is not None
    words = text.get_content()
    assert words.index("Please restart") < words.index("Kuanwei support team") < words.index("> The printer is broken.")


def test_its_answer_comes_back_to_the_ticket(room: MailRoom, ticket: Ticket, cast: Cast, smtp: Smtp) -> None:
    send(ticket, cast)
    sent = parse(smtp.envelopes[0][1])
    for way in ({"answers": sent.message_id}, {"to": sent.reply_to[0].email}, {"subject": f"AW: {sent.subject}"}):
        assert room.write("Done", **way).ticket == ticket  # type: ignore[arg-type]


def test_blind_copies_are_seen_by_nobody(ticket: Ticket, cast: Cast, smtp: Smtp) -> None:
    send(ticket, cast, cc=(BOSS,), bcc=(SPY,))
    to, raw = smtp.envelopes[0]
    assert sorted(to) == ["boss@linden-hotels.net", "lina@linden-hotels.net", "spy@linden-hotels.net"]
    assert "spy@" not in words_of(raw)
    assert list(ticket.participants.values_list("email", flat=True)) == ["boss@linden-hotels.net"]


def test_who_is_taken_out_gets_no_more_and_comes_back_by_no_old_reply(
    room: MailRoom, ticket: Ticket, cast: Cast
) -> None:
    sent = send(ticket, cast, cc=(BOSS,))
    send(ticket, cast, form="t2")
    assert not ticket.participants.filter(is_active=True).exists()
    assert room.write("Me again", sender=BOSS.email, answers=sent.message_id).is_outsider
    room.write("Boss on copy", cc=BOSS.email, answers=sent.message_id)
    assert not ticket.participants.filter(is_active=True).exists()


def test_one_form_sends_one_mail(ticket: Ticket, cast: Cast, smtp: Smtp) -> None:
    assert send(ticket, cast).pk == send(ticket, cast).pk
    assert len(smtp.envelopes) == 1


def test_what_was_not_seen_stops_the_answer(room: MailRoom, ticket: Ticket, cast: Cast) -> None:
    seen = Ticket.objects.get(pk=ticket.pk).seq
    room.write("Wait", answers=Mail.objects.get(ticket=ticket).message_id)
    with pytest.raises(StaleTicket):
        send_mail(ticket, "x", Envelope((LINA,)), by=cast.mei, token="t", seen_seq=seen)
    assert not Mail.objects.filter(direction="out").exists()


@pytest.mark.parametrize("to", [(), (Address(ADDRESS),), (Address("support+x@kuanwei-desk.net"),)])
def test_mail_to_nobody_or_ourselves_is_refused(ticket: Ticket, cast: Cast, to: tuple[Address, ...]) -> None:
    with pytest.raises(MailNotSent):
        send_mail(ticket, "x", Envelope(to), by=cast.mei, token="t")


def test_made_up_people_are_never_mailed(room: MailRoom, cast: Cast, smtp: Smtp) -> None:
    made_up = Contact.objects.create(name="Demo", created_at=clock.now(), is_demo=True)
    know(made_up, "demo@real-looking.net")
    ticket = ticket_of(room.write(sender="Demo <demo@real-looking.net>"))
    to = Envelope((Address("demo@real-looking.net"), Address("a@example.com")))
    mail = send_mail(ticket, "x", to, by=cast.mei, token="t")
    deliver_due(clock.now())
    mail.refresh_from_db()
    assert (mail.state, mail.is_practice, smtp.envelopes) == ("sent", True, [])


def test_a_file_goes_along_once(ticket: Ticket, cast: Cast, smtp: Smtp, files: Path) -> None:
    for _time in range(2):
        upload(ticket, by=cast.mei, name="发票.pdf", data=b"%PDF-1.4 x")
    send(ticket, cast)
    assert [part.get_filename() for part in smtp.messages[0].iter_attachments()] == ["发票.pdf"]
    assert Attachment.objects.get().interaction == Mail.objects.get(direction="out").interaction


def test_a_program_is_not_sent(ticket: Ticket, cast: Cast, files: Path) -> None:
    with pytest.raises(FileRefused):
        upload(ticket, by=cast.mei, name="photo.png", data=b"MZ\x90")


def test_a_server_out_of_reach_is_asked_again(room: MailRoom, ticket: Ticket, cast: Cast, smtp: Smtp) -> None:
    room.mailbox.smtp_port = free_port()
    room.mailbox.save()
    mail = send(ticket, cast)
    assert (mail.state, mail.attempts) == ("queued", 1)
    room.mailbox.smtp_port = smtp.port
    room.mailbox.save()
    deliver_due(clock.now())
    assert not smtp.envelopes
    with clock.at(clock.now() + PAUSES[0] + timedelta(seconds=1)):
        deliver_due(clock.now())
    assert len(smtp.envelopes) == 1
    assert Mail.objects.get(pk=mail.pk).state == "sent"


def test_after_a_day_of_trying_an_answer_is_owed_again(room: MailRoom, ticket: Ticket, cast: Cast) -> None:
    room.mailbox.smtp_port = free_port()
    room.mailbox.save()
    mail = send(ticket, cast)
    for hours in range(1, 40):
        with clock.at(clock.now() + timedelta(hours=hours)):
            deliver_due(clock.now())
    assert Mail.objects.get(pk=mail.pk).state == "failed"
    assert Ticket.objects.get(pk=ticket.pk).waiting_on == "us"


def test_a_refused_recipient_is_named_and_the_others_have_it(ticket: Ticket, cast: Cast, smtp: Smtp) -> None:
    smtp.refuses["boss@linden-hotels.net"] = "550 5.1.1 no such user"
    mail = send(ticket, cast, cc=(BOSS,))
    assert mail.state == "sent"
    lost = mail.recipients.get(state="lost")
    assert (lost.email, "no such user" in lost.reason) == ("boss@linden-hotels.net", True)


def test_a_busy_server_gets_the_rest_later(ticket: Ticket, cast: Cast, smtp: Smtp) -> None:
    smtp.refuses["boss@linden-hotels.net"] = "451 later"
    mail = send(ticket, cast, cc=(BOSS,))
    smtp.refuses.clear()
    with clock.at(clock.now() + timedelta(minutes=2)):
        deliver_due(clock.now())
    assert [to for to, _raw in smtp.envelopes] == [["lina@linden-hotels.net"], ["boss@linden-hotels.net"]]
    assert Mail.objects.get(pk=mail.pk).state == "sent"


def test_a_mail_that_no_server_takes_is_not_tried_for_ever(ticket: Ticket, cast: Cast, smtp: Smtp) -> None:
    smtp.answer = "554 5.7.1 rejected as spam"
    mail = send(ticket, cast)
    assert (mail.state, mail.fault) == ("failed", "554 5.7.1 rejected as spam")


def test_a_bounce_lets_the_clock_run_again(room: MailRoom, ticket: Ticket, cast: Cast) -> None:
    mail = send(ticket, cast)
    assert SlaClock.objects.get(ticket=ticket, metric="first_reply").state == "met"
    returned = room.post(bounce(mail).encode())
    assert (returned.state, returned.reason, returned.ticket) == ("passed", "bounce", ticket)
    assert Mail.objects.get(pk=mail.pk).state == "lost"
    assert Ticket.objects.get(pk=ticket.pk).waiting_on == "us"
    assert ticket.interactions.filter(event="undelivered").count() == 1
    room.post(bounce(mail, status="5.1.2").encode())
    assert ticket.interactions.filter(event="undelivered").count() == 1


def test_a_delay_is_no_loss(room: MailRoom, ticket: Ticket, cast: Cast) -> None:
    mail = send(ticket, cast)
    room.post(bounce(mail, "4.4.1", "delayed").encode())
    assert Mail.objects.get(pk=mail.pk).state == "sent"


def test_a_lost_mail_is_sent_again_once(room: MailRoom, ticket: Ticket, cast: Cast, smtp: Smtp) -> None:
    mail = send(ticket, cast)
    room.post(bounce(mail).encode())
    again = send_again(Mail.objects.get(pk=mail.pk), by=cast.mei)
    assert send_again(Mail.objects.get(pk=mail.pk), by=cast.mei) == again
    deliver_due(clock.now())
    assert len(smtp.envelopes) == 2
