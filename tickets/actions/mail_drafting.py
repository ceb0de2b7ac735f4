"""A mail as it is put into the outbox: who gets it, in which thread, under which subject."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crmcore.clock import now
from crmcore.models import User
from tickets.mail.addresses import Address
from tickets.mail.threads import bare_subject, subject_mark
from tickets.models import Interaction, Mail, Mailbox, MailRecipient, SideConversation, Ticket
from tickets.queries.mail_threads import marks_key

Role = MailRecipient.Role


@dataclass(frozen=True)
class Envelope:
    """Who gets a mail. Whoever stands in `bcc` is written to this once and shown to nobody."""

    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()

    def roles(self) -> list[tuple[str, Address]]:
        """Each address once, in its first role."""
        rows = [(Role.TO, one) for one in self.to] + [(Role.CC, one) for one in self.cc]
        rows += [(Role.BCC, one) for one in self.bcc]
        first: dict[str, tuple[str, Address]] = {}
        for role, one in rows:
            first.setdefault(one.email, (role, one))
        return list(first.values())


def new_mail(
    mailbox: Mailbox,
    ticket: Ticket,
    envelope: Envelope,
    *,
    entry: Interaction | None,
    by: User | None = None,
    token: str = "",
    answered: Mail | None = None,
    side: SideConversation | None = None,
    is_automatic: bool = False,
) -> Mail:
    """Put a mail into the outbox, from where it goes after the commit."""
    facts = {"by": by, "token": token, "is_automatic": is_automatic}
    mail = _draft(mailbox, ticket, answered, entry=entry, side=side, **facts)
    mail.save(force_insert=True)
    MailRecipient.objects.bulk_create(
        MailRecipient(mail=mail, role=role, email=one.email, name=one.name, state=MailRecipient.State.WAITING)
        for role, one in envelope.roles()
    )
    return mail


def answer_after_all(ticket: Ticket, answered: Mail) -> None:
    """What rules wrote while the ticket was being opened answers the mail that opened it."""
    for mail in Mail.objects.filter(ticket=ticket, is_automatic=True, references=[]).select_related("mailbox"):
        mail.references, mail.subject = _thread_of(answered), _subject(ticket, None, mail.mailbox, answered)
        mail.save(update_fields=["references", "subject"])


def _thread_of(answered: Mail | None) -> list[str]:
    before = [*reversed(answered.references), answered.message_id] if answered and answered.message_id else []
    return list(dict.fromkeys(before))


def _draft(
    mailbox: Mailbox,
    ticket: Ticket,
    answered: Mail | None,
    *,
    entry: Interaction | None,
    side: SideConversation | None,
    **facts: Any,
) -> Mail:
    at, public_id = now(), uuid.uuid4()
    return Mail(
        public_id=public_id,
        mailbox=mailbox,
        direction=Mail.Direction.OUT,
        state=Mail.State.QUEUED,
        ticket=ticket,
        side=side,
        interaction=entry,
        message_id=f"<{public_id.hex}@{mailbox.address.rpartition('@')[2]}>",
        references=_thread_of(answered),
        sender=mailbox.address,
        sender_name=mailbox.label,
        subject=_subject(ticket, side, mailbox, answered),
        created_at=at,
        due_at=at,
        **facts,
    )


def _subject(ticket: Ticket, side: SideConversation | None, mailbox: Mailbox, answered: Mail | None) -> str:
    """The thread's subject with our mark: programs that drop every head line still send it back."""
    own = side.subject if side else ticket.subject
    if side is None and ticket.is_subject_internal:
        own = _("Your request %(number)s") % {"number": ticket.number}
    bare = (bare_subject(answered.subject) if answered else "") or own
    words = f"Re: {bare[:200]}" if answered else bare[:200]
    mark = subject_mark(side.mark_name if side else ticket.number, marks_key())
    return f"{words} {mark}" if mailbox.tags_subject else words
