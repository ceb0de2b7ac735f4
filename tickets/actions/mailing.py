"""Writing to customers by e-mail: the entry on the timeline, the mail in the outbox, and who is on Cc from now on."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore import live
from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import User
from tickets.actions.drafts import save_draft
from tickets.actions.files import send_along
from tickets.actions.interactions import log_interaction
from tickets.events import MailChanged
from tickets.mail.addresses import Address
from tickets.mail.threads import bare_subject, subject_mark
from tickets.models import Attachment, Interaction, Mail, Mailbox, MailRecipient, Participant, SideConversation, Ticket
from tickets.queries.mail_outlets import answered_by, mailbox_for
from tickets.queries.mail_people import is_own, own_addresses, writer_of
from tickets.queries.mail_threads import marks_key
from tickets.queries.ticket_page import draft_key

MOST_RECIPIENTS = 50
LONGEST = 100_000
Role = MailRecipient.Role


class MailNotSent(Exception):
    """This mail cannot go, with a sentence that says why."""


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


@transaction.atomic
def send_mail(
    ticket: Ticket, body: str, envelope: Envelope, *, by: User, token: str, seen_seq: int | None = None
) -> Mail:
    """Answer a ticket by e-mail; the same form of the same person is sent once.

    Those on Cc belong to the conversation from now on, those who were taken out do not.
    Raises MailNotSent, and StaleTicket when something came in that `by` has not seen.
    """
    Ticket.objects.select_for_update().values("pk").get(pk=ticket.pk)
    known = Mail.objects.filter(by=by, token=token).first()
    if known is not None:
        return known
    mailbox = mailbox_for(ticket)
    if mailbox is None:
        raise MailNotSent(_("No mailbox is set up."))
    check_envelope(envelope, body)
    entry = _entered(ticket, body, by, seen_seq)
    assert entry.ticket is not None
    answered = answered_by(entry.ticket)
    mail = new_mail(mailbox, entry.ticket, envelope, entry=entry, by=by, token=token, answered=answered)
    send_along(entry, by=by)
    _keep_participants(entry.ticket, envelope)
    save_draft(by, draft_key(ticket), "")
    return mail


@transaction.atomic
def send_again(mail: Mail, *, by: User) -> Mail:
    """Send a lost mail once more to those who did not get it; pressed twice, that is done once."""
    lost = (
        Mail.objects.select_for_update(of=("self",)).select_related("ticket", "mailbox", "interaction").get(pk=mail.pk)
    )
    if hasattr(lost, "again"):
        return lost.again
    if lost.ticket is None or lost.interaction is None or not lost.may_go_again:
        return lost
    missed = lost.recipients.exclude(state=MailRecipient.State.SENT)
    envelope = Envelope(*(_addresses(missed.filter(role=role)) for role in (Role.TO, Role.CC, Role.BCC)))
    entry = _entered(lost.ticket, lost.interaction.body, by, None)
    assert entry.ticket is not None
    copy = new_mail(lost.mailbox, entry.ticket, envelope, entry=entry, by=by, answered=answered_by(entry.ticket))
    Mail.objects.filter(pk=copy.pk).update(repeats=lost)
    for file in lost.interaction.attachments.all():
        file.pk, file.public_id, file.interaction = None, uuid.uuid4(), entry
        Attachment.objects.bulk_create([file])
    return copy


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
    before = [*reversed(answered.references), answered.message_id] if answered and answered.message_id else []
    return Mail(
        public_id=public_id,
        mailbox=mailbox,
        direction=Mail.Direction.OUT,
        state=Mail.State.QUEUED,
        ticket=ticket,
        side=side,
        interaction=entry,
        message_id=f"<{public_id.hex}@{mailbox.address.rpartition('@')[2]}>",
        references=list(dict.fromkeys(before)),
        sender=mailbox.address,
        sender_name=mailbox.label,
        subject=_subject(ticket, side, mailbox, answered),
        created_at=at,
        due_at=at,
        **facts,
    )


def check_envelope(envelope: Envelope, body: str) -> None:
    """Raises MailNotSent for what no server would take, and for mail to ourselves."""
    rows = envelope.roles()
    if not envelope.to:
        raise MailNotSent(_("Say to whom it goes."))
    if len(rows) > MOST_RECIPIENTS:
        raise MailNotSent(_("A reply goes to %(most)d people at most.") % {"most": MOST_RECIPIENTS})
    own = own_addresses()
    for _role, one in rows:
        if is_own(one.email, own):
            raise MailNotSent(_("%(address)s is an address of ours.") % {"address": one.email})
        if not one.email.isascii():
            raise MailNotSent(_("%(address)s cannot be written to.") % {"address": one.email})
    if not body.strip():
        raise MailNotSent(_("Write a few words first."))
    if len(body) > LONGEST:
        raise MailNotSent(_("That is too long for one mail."))


def join_conversation(ticket: Ticket, people: Iterable[Address]) -> None:
    """Put people on Cc who are not known to the conversation; who was taken out stays out."""
    known = set(ticket.participants.values_list("email", flat=True))
    Participant.objects.bulk_create(
        (
            Participant(
                ticket=ticket, email=one.email, name=one.name, contact=writer_of(one.email).contact, added_at=now()
            )
            for one in people
            if one.email not in known
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def let_in(mail: Mail, *, by: User) -> None:
    """Put the writer of a mail that was only noted on Cc; what they wrote before stays where it is."""
    if mail.ticket is None or not mail.is_outsider or mail.side_id:
        return
    join_conversation(mail.ticket, [Address(mail.sender, mail.sender_name)])
    if mail.ticket.participants.filter(email=mail.sender).update(is_active=True):
        audit.record("ticket.let_in", mail.ticket, by=by, detail={"address": mail.sender})
        tell_mail(mail)


def tell_mail(mail: Mail) -> None:
    """Let the screens that show this mail look again."""
    if mail.ticket_id:
        live.publish(f"ticket:{mail.ticket_id}", MailChanged(mail_id=mail.pk, state=mail.state))


def _entered(ticket: Ticket, body: str, by: User, seen_seq: int | None) -> Interaction:
    return log_interaction(
        ticket=ticket,
        account=ticket.account,
        contact=ticket.contact,
        channel=Interaction.Channel.EMAIL,
        direction=Interaction.Direction.OUT,
        body=body.replace("\r\n", "\n").strip(),
        is_public=True,
        by=by,
        seen_seq=seen_seq,
    )


def _keep_participants(ticket: Ticket, envelope: Envelope) -> None:
    written = {one.email for one in (*envelope.to, *envelope.cc)}
    join_conversation(ticket, envelope.cc)
    ticket.participants.filter(email__in=written).update(is_active=True)
    ticket.participants.exclude(email__in=written).update(is_active=False)


def _subject(ticket: Ticket, side: SideConversation | None, mailbox: Mailbox, answered: Mail | None) -> str:
    """The thread's subject with our mark: programs that drop every head line still send it back."""
    own = side.subject if side else ticket.subject
    if side is None and ticket.is_subject_internal:
        own = _("Your request %(number)s") % {"number": ticket.number}
    bare = (bare_subject(answered.subject) if answered else "") or own
    words = f"Re: {bare[:200]}" if answered else bare[:200]
    mark = subject_mark(side.mark_name if side else ticket.number, marks_key())
    return f"{words} {mark}" if mailbox.tags_subject else words


def _addresses(rows: Iterable[MailRecipient]) -> tuple[Address, ...]:
    return tuple(Address(row.email, row.name) for row in rows)
