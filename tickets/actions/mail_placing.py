"""A mail becomes an entry: on a new ticket, on its own, or beside it where the customer never looks."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from crmcore.actions.contact_points import NewPoint
from crmcore.actions.customers import create_contact
from crmcore.models import Contact, ContactPoint
from tickets.actions.changing import changing
from tickets.actions.desk_mail import write_by_itself
from tickets.actions.entries import Channel, Direction, append
from tickets.actions.files import enclose
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import open_ticket
from tickets.actions.mail_drafting import answer_after_all
from tickets.actions.mailing import join_conversation
from tickets.mail.addresses import Address
from tickets.mail.message import ParsedMail
from tickets.mail.threads import bare_subject
from tickets.models import Interaction, Mail, SideConversation, Ticket
from tickets.queries.mail_outlets import language_for
from tickets.queries.mail_people import Writer, belongs, is_own, is_staff, own_addresses, requester_address
from tickets.queries.wording import type_called

USUAL_TYPE = "request"
LONGEST_SUBJECT = 200
LONGEST_POINT = 120
MOST_CONFIRMATIONS = 3


def open_from_mail(mail: Mail, parsed: ParsedMail, writer: Writer) -> None:
    """A new matter: its sender is the requester, everybody else whom it names is on Cc."""
    contact = writer.contact or (None if writer.account else _new_contact(mail))
    with translation.override(mail.mailbox.queue.language or translation.get_language()):
        subject = bare_subject(parsed.subject)[:LONGEST_SUBJECT] or _("Mail from %(name)s") % {"name": _from(mail)}
        body = _body(parsed)
    ticket = open_ticket(
        by=None,
        subject=subject,
        type=type_called(USUAL_TYPE),
        queue=mail.mailbox.queue,
        account=writer.account,
        contact=contact,
        channel=Ticket.Channel.EMAIL,
        body=body,
    )
    entry = ticket.interactions.get(channel=Channel.EMAIL, direction=Direction.IN)
    _attach(mail, entry, parsed)
    _join(ticket, mail, parsed)
    answer_after_all(ticket, mail)
    if mail.mailbox.acknowledges and not parsed.origin.is_automatic and not parsed.origin.is_spam:
        _confirm(ticket, mail)


def enter_in_thread(mail: Mail, parsed: ParsedMail, ticket: Ticket, writer: Writer) -> None:
    """A mail of the conversation. Machines, colleagues and strangers are noted, but are not the customer's word."""
    said = _aside(mail, parsed, ticket, writer)
    if said:
        mail.is_outsider = True
        _attach(mail, _beside(ticket, mail, parsed, said=said), parsed)
        return
    entry = log_interaction(
        ticket=ticket,
        account=ticket.account,
        contact=writer.contact or (None if writer.account else _new_contact(mail)),
        channel=Channel.EMAIL,
        direction=Direction.IN,
        body=_body(parsed),
        is_public=True,
        by=None,
        detail={"from": _from(mail)},
        occurred_at=mail.created_at,
    )
    _attach(mail, entry, parsed)
    assert entry.ticket is not None
    _join(entry.ticket, mail, parsed)


def enter_beside(mail: Mail, parsed: ParsedMail, side: SideConversation) -> None:
    """An answer in a conversation beside the ticket; somebody who was not asked is marked."""
    said = "side_in" if mail.sender in side.people else "outsider"
    mail.is_outsider = said == "outsider"
    mail.side = side
    entry = _beside(side.ticket, mail, parsed, said=said, side=side.pk, subject=side.subject)
    _attach(mail, entry, parsed)
    SideConversation.objects.filter(pk=side.pk).update(last_at=mail.created_at)


def _aside(mail: Mail, parsed: ParsedMail, ticket: Ticket, writer: Writer) -> str:
    """Why a mail is not the customer's word; empty where it is."""
    if parsed.origin.is_robot:
        return "robot"
    if is_staff(mail.sender):
        return "staff"
    return "" if belongs(ticket, mail.sender, writer) and not parsed.origin.is_forged else "outsider"


def _beside(ticket: Ticket, mail: Mail, parsed: ParsedMail, **detail: Any) -> Interaction:
    """An entry that customers do not see and no clock counts."""
    with changing(ticket) as locked:
        return append(
            locked,
            channel=Channel.EMAIL,
            direction=Direction.INTERNAL,
            by=None,
            occurred_at=mail.created_at,
            body=_body(parsed),
            detail={"from": _from(mail), "email": mail.sender, **detail},
        )


def _attach(mail: Mail, entry: Interaction, parsed: ParsedMail) -> None:
    mail.interaction, mail.ticket = entry, entry.ticket
    enclose(entry, parsed.files)


def _join(ticket: Ticket, mail: Mail, parsed: ParsedMail) -> None:
    """Those whom somebody of the conversation wrote to as well belong to it, colleagues of ours excepted."""
    own, requester = own_addresses(), requester_address(ticket)
    out = {mail.sender, requester.email if requester else ""}
    people = {one.email: one for one in (*parsed.to, *parsed.cc) if one.email not in out and not is_own(one.email, own)}
    join_conversation(ticket, (one for one in people.values() if not is_staff(one.email)))


def _confirm(ticket: Ticket, mail: Mail) -> None:
    """Tell the sender, and nobody else, that their mail is here; a few times a day at most."""
    earlier = Mail.objects.filter(is_automatic=True, direction=Mail.Direction.OUT, recipients__email=mail.sender)
    if earlier.filter(created_at__date=mail.created_at.date()).count() >= MOST_CONFIRMATIONS:
        return
    first = mail.interaction
    with translation.override(language_for(ticket, first.body if first else "")):
        words = _(
            "Thank you for writing to us. We have your request and answer as soon as we can.\n\n"
            "Its number is %(number)s. To add something, simply answer this mail."
        ) % {"number": ticket.number}
        to = Address(mail.sender, mail.sender_name)
        write_by_itself(mail.mailbox, ticket, to, words, is_public=True, answered=mail)


def _new_contact(mail: Mail) -> Contact | None:
    """A contact for an address that nobody has; none for one that is too long to be kept."""
    if not mail.sender or len(mail.sender) > LONGEST_POINT:
        return None
    point = NewPoint(ContactPoint.Kind.EMAIL, mail.sender, source="email")
    return create_contact(by=None, name=_from(mail), points=[point])


def _from(mail: Mail) -> str:
    return mail.sender_name or mail.sender.partition("@")[0] or mail.sender


def _body(parsed: ParsedMail) -> str:
    """The new words; pictures within them by the name of their file."""
    words = parsed.words.new
    for file in parsed.files:
        if file.is_inline:
            words = words.replace(f"[cid:{file.content_id}]", f"[{file.name}]")
    if words.strip():
        return words
    return _("(No text, only attachments)") if parsed.files else _("(No text)")
