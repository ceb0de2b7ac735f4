"""Writing to customers by e-mail: the entry on the timeline, the mail in the outbox, and who is on Cc from now on."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore import live
from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import User
from tickets.actions.drafts import save_draft
from tickets.actions.files import send_along
from tickets.actions.interactions import log_interaction
from tickets.actions.mail_drafting import Envelope, Role, new_mail
from tickets.events import MailChanged
from tickets.mail.addresses import Address
from tickets.models import Attachment, Interaction, Mail, MailRecipient, Participant, Ticket
from tickets.queries.mail_outlets import answered_by, mailbox_for
from tickets.queries.mail_people import is_own, own_addresses, writer_of
from tickets.queries.ticket_page import draft_key

MOST_RECIPIENTS = 50
LONGEST = 100_000


class MailNotSent(Exception):
    """This mail cannot go, with a sentence that says why."""


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


def _addresses(rows: Iterable[MailRecipient]) -> tuple[Address, ...]:
    return tuple(Address(row.email, row.name) for row in rows)
