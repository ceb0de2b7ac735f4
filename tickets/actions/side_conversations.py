"""Asking a supplier or a colleague about a ticket by e-mail, in a thread of its own that customers never see."""

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import User
from tickets.actions.changing import changing
from tickets.actions.entries import Channel, Direction, append
from tickets.actions.mail_drafting import Envelope, new_mail
from tickets.actions.mailing import MailNotSent, check_envelope
from tickets.mail.addresses import Address
from tickets.models import Mail, SideConversation, Ticket
from tickets.queries.mail_outlets import mailbox_for
from tickets.queries.mail_people import belongs, writer_of

MOST_PEOPLE = 20


@transaction.atomic
def open_side_conversation(
    ticket: Ticket, *, by: User, people: tuple[Address, ...], subject: str, body: str, token: str
) -> SideConversation:
    """Write to somebody about a ticket; the same form of the same person is sent once.

    Raises MailNotSent, also for people who belong to the customer's own conversation.
    """
    Ticket.objects.select_for_update().values("pk").get(pk=ticket.pk)
    known = Mail.objects.filter(by=by, token=token).select_related("side").first()
    if known is not None and known.side is not None:
        return known.side
    mailbox = mailbox_for(ticket)
    if mailbox is None:
        raise MailNotSent(_("No mailbox is set up."))
    _check(ticket, people, body)
    at = now()
    side = SideConversation.objects.create(
        ticket=ticket,
        mailbox=mailbox,
        subject=" ".join(subject.split())[:200] or ticket.subject,
        people=[one.email for one in people],
        opened_by=by,
        opened_at=at,
        last_at=at,
    )
    _write(side, Envelope(people), body, by=by, token=token, answered=None)
    audit.record("ticket.side_opened", ticket, by=by, detail={"people": side.people})
    return side


@transaction.atomic
def write_beside(side: SideConversation, *, by: User, body: str, token: str) -> Mail:
    """Write to the people of a conversation again; the same form is sent once. Raises MailNotSent."""
    SideConversation.objects.select_for_update(of=("self",)).get(pk=side.pk)
    known = Mail.objects.filter(by=by, token=token).first()
    if known is not None:
        return known
    people = tuple(Address(email) for email in side.people)
    _check(side.ticket, people, body)
    answered = side.mails.filter(direction=Mail.Direction.IN, is_outsider=False).order_by("-pk").first()
    mail = _write(side, Envelope(people), body, by=by, token=token, answered=answered or side.mails.latest("pk"))
    SideConversation.objects.filter(pk=side.pk).update(last_at=now())
    return mail


def _check(ticket: Ticket, people: tuple[Address, ...], body: str) -> None:
    if len(people) > MOST_PEOPLE:
        raise MailNotSent(_("A reply goes to %(most)d people at most.") % {"most": MOST_PEOPLE})
    check_envelope(Envelope(people), body)
    for one in people:
        # Whoever speaks for the customer must not be asked behind the customer's back by mistake.
        if belongs(ticket, one.email, writer_of(one.email)):
            raise MailNotSent(_("%(address)s belongs to the customer's conversation.") % {"address": one.email})


def _write(
    side: SideConversation, envelope: Envelope, body: str, *, by: User, token: str, answered: Mail | None
) -> Mail:
    with changing(side.ticket, by=by) as ticket:
        entry = append(
            ticket,
            channel=Channel.EMAIL,
            direction=Direction.INTERNAL,
            by=by,
            occurred_at=now(),
            body=body.replace("\r\n", "\n").strip(),
            detail={"said": "side_out", "side": side.pk, "subject": side.subject, "people": ", ".join(side.people)},
        )
        return new_mail(side.mailbox, ticket, envelope, entry=entry, by=by, token=token, answered=answered, side=side)
