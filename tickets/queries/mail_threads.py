"""Which conversation an incoming mail belongs to."""

from dataclasses import dataclass

from django.conf import settings

from tickets.mail.message import ParsedMail
from tickets.mail.threads import marked_in_addresses, marked_in_subject
from tickets.models import Mail, Mailbox, SideConversation, Ticket
from tickets.queries.merged import survivor_of
from tickets.sealed_text import key_for


@dataclass(frozen=True)
class Thread:
    """A ticket's conversation, or one beside it."""

    ticket: Ticket
    side: SideConversation | None = None


def marks_key() -> bytes:
    """What signs the marks in addresses and subjects."""
    return key_for("mail marks", settings.SECRET_KEY)


def thread_of(mail: ParsedMail) -> Thread | None:
    """By the marked address, by what it answers, by a mail that answered it before it came, at last by its subject."""
    key = marks_key()
    found = (
        _named(marked_in_addresses(mail.recipients, key))
        or _of_mails(mail.references)
        or _answered_before(mail.message_id)
        or _named(marked_in_subject(mail.subject, key))
    )
    # A ticket that went into another one goes on there.
    return Thread(survivor_of(found.ticket), found.side) if found else None


def is_own_mail(mail: ParsedMail) -> bool:
    """Whether we sent it ourselves: it has an id of ours, or comes from one of our addresses."""
    sent = Mail.objects.filter(direction=Mail.Direction.OUT, message_id=mail.message_id)
    if mail.message_id and sent.exists():
        return True
    return bool(mail.sender and Mailbox.objects.filter(address=mail.sender.email).exists())


def _named(name: str) -> Thread | None:
    number, _, side_id = name.partition("~")
    if not number:
        return None
    ticket = Ticket.objects.select_related("status").filter(number__iexact=number).first()
    if ticket is None or not side_id:
        return Thread(ticket) if ticket else None
    side = SideConversation.objects.filter(ticket=ticket, pk=int(side_id)).first()
    return Thread(ticket, side) if side else None


def _of_mails(ids: tuple[str, ...]) -> Thread | None:
    """The nearest of the mails that it answers, of those that we know."""
    if not ids:
        return None
    rows = Mail.objects.filter(message_id__in=ids, ticket__isnull=False).select_related("ticket__status", "side")
    known = {mail.message_id: mail for mail in rows.order_by("-pk")}
    mail = next((known[one] for one in ids if one in known), None)
    return Thread(mail.ticket, mail.side) if mail and mail.ticket else None


def _answered_before(message_id: str) -> Thread | None:
    """Mails overtake one another: the answer may be here already."""
    if not message_id:
        return None
    rows = Mail.objects.filter(references__contains=[message_id], ticket__isnull=False)
    mail = rows.select_related("ticket__status", "side").order_by("pk").first()
    return Thread(mail.ticket, mail.side) if mail and mail.ticket else None
