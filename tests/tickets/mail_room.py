"""A desk with a mailbox, and letters to it without a server between."""

from dataclasses import dataclass, field
from itertools import count

from crmcore import models
from tests.cast import Cast
from tickets.actions.mail_inbox import enter, receive
from tickets.models import Mail, Mailbox, Ticket

ADDRESS = "support@kuanwei-desk.net"


def make_mailbox(cast: Cast, **changes: object) -> Mailbox:
    """The mailbox of Support; its servers are nowhere."""
    facts = {
        "name": "Kuanwei support",
        "name_zh": "宽微客服",
        "address": ADDRESS,
        "queue": cast.support_queue,
        "signature": "Kuanwei support team",
        "smtp_host": "127.0.0.1",
        "smtp_port": 9,
        "smtp_security": "none",
        "uid_validity": 1,
    }
    return Mailbox.objects.create(**{**facts, **changes})


@dataclass
class MailRoom:
    """Writes letters to the desk, each with an id of its own."""

    mailbox: Mailbox
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def post(self, raw: bytes) -> Mail:
        """Fetch and enter a mail."""
        mail = receive(self.mailbox, validity=1, uid=next(self.numbers), raw=raw)
        enter(mail.pk)
        mail.refresh_from_db()
        return mail

    def write(
        self,
        text: str = "The printer is broken.",
        *,
        sender: str = "Li Na <lina@linden-hotels.net>",
        to: str = ADDRESS,
        cc: str = "",
        subject: str = "Printer",
        message_id: str = "",
        answers: str = "",
        more: str = "",
    ) -> Mail:
        """A mail as a person's program writes it."""
        return self.post(
            letter(text, sender, to, cc, subject, message_id or f"<in{next(self.numbers)}@l.net>", answers, more)
        )


def letter(
    text: str, sender: str, to: str, cc: str, subject: str, message_id: str, answers: str = "", more: str = ""
) -> bytes:
    """The bytes of a mail; `answers` are the ids it refers to, the nearest last."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Message-ID: {message_id}"]
    lines += [f"Cc: {cc}"] if cc else []
    lines += [f"In-Reply-To: {answers.split()[-1]}", f"References: {answers}"] if answers else []
    lines += [more] if more else []
    head = "\n".join([*lines, "Date: Fri, 20 Nov 2026 15:23:11 +0800", "Content-Type: text/plain; charset=utf-8"])
    return f"{head}\n\n{text}\n".encode()


def ticket_of(mail: Mail) -> Ticket:
    assert mail.ticket is not None
    return Ticket.objects.get(pk=mail.ticket.pk)


def know(contact: models.Contact, email: str) -> None:
    """Let a contact have an address."""
    models.ContactPoint.objects.create(contact=contact, kind="email", raw=email, value=email)
