"""By which mailbox a ticket's customer is written to, and what stands in the fields before anybody sends."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from tickets.mail.addresses import Address
from tickets.mail.threads import reply_address, subject_mark
from tickets.models import Interaction, Mail, Mailbox, Ticket
from tickets.queries.mail_people import requester_beside
from tickets.queries.mail_threads import marks_key

LONGEST_QUOTE = 20_000


@dataclass(frozen=True)
class MailOutlet:
    """The way to write to a ticket's customer; `to` is None where no address is known."""

    mailbox: Mailbox
    to: Address | None
    cc: tuple[Address, ...]


@dataclass(frozen=True)
class MailFields:
    """What stands in the fields for addresses while somebody writes."""

    outlet: MailOutlet
    to: str
    cc: str
    bcc: str = ""


def fields_of(ticket: Ticket) -> MailFields | None:
    """The fields as a new reply begins; None on a desk without a mailbox."""
    outlet = outlet_of(ticket)
    if outlet is None:
        return None
    return MailFields(outlet, str(outlet.to or ""), ", ".join(map(str, outlet.cc)))


def outlet_of(ticket: Ticket) -> MailOutlet | None:
    """None on a desk without a mailbox."""
    mailbox = mailbox_for(ticket)
    if mailbox is None:
        return None
    participants = list(ticket.participants.all())
    to = requester_beside(ticket, participants)
    people = (Address(one.email, one.name) for one in participants if one.is_active)
    return MailOutlet(mailbox, to, tuple(one for one in people if to is None or one.email != to.email))


def has_mailbox() -> bool:
    """Whether the desk writes e-mail, or ever did."""
    return Mailbox.objects.exists()


def mailbox_for(ticket: Ticket) -> Mailbox | None:
    """The mailbox of the conversation so far, else the queue's, else any; a demo's queue may write by a demo's."""
    boxes = list(Mailbox.objects.filter(is_active=True).order_by("is_demo", "pk"))
    if not boxes:
        return None
    latest = Mail.objects.filter(ticket=ticket).order_by("-pk").values_list("mailbox", flat=True).first()
    may_play = ticket.queue.is_demo and settings.DEMO
    ways = (
        (box for box in boxes if box.pk == latest),
        (box for box in boxes if box.queue_id == ticket.queue_id),
        (box for box in boxes if may_play or not box.is_demo),
    )
    return next((box for way in ways for box in way), None)


def answers_to(ticket: Ticket) -> tuple[str, str]:
    """Where answers to news of a ticket come back to it, and what its subject must carry; empty without a mailbox."""
    mailbox = mailbox_for(ticket)
    if mailbox is None:
        return "", ""
    if mailbox.tags_address:
        return reply_address(mailbox.address, ticket.number, marks_key()), ""
    return mailbox.address, subject_mark(ticket.number, marks_key())


def language_for(ticket: Ticket, text: str = "") -> str:
    """In which language a customer is written to by the desk itself."""
    known = (ticket.contact and ticket.contact.language) or (ticket.account and ticket.account.language) or ""
    if known:
        return known
    letters = [letter for letter in text if not letter.isspace()]
    han = sum("\u4e00" <= letter <= "\u9fff" for letter in letters)
    if letters and han * 5 >= len(letters):
        return "zh-hans"
    return (ticket.queue.language if not letters else "en") or settings.LANGUAGE_CODE


def answered_by(ticket: Ticket) -> Mail | None:
    """The customer's latest mail, which a reply answers."""
    rows = Mail.objects.filter(ticket=ticket, side=None, direction=Mail.Direction.IN, is_outsider=False)
    return rows.filter(interaction__is_public=True).order_by("-pk").first()


def quote_of(entry: Interaction | None, language: str) -> tuple[str, str]:
    """What is quoted below an answer, and the line that introduces it."""
    if entry is None or not entry.body:
        return "", ""
    author = entry.contact.name if entry.contact else ""
    with translation.override(language):
        moment = formats.date_format(
            timezone.localtime(entry.occurred_at, timezone.get_default_timezone()), "Y-m-d H:i"
        )
        head = _("On %(moment)s %(name)s wrote:") % {"moment": moment, "name": author}
    return head, entry.body[:LONGEST_QUOTE]
