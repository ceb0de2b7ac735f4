"""Canned replies for a ticket: found by what is typed, filled in the language of its customer."""

from dataclasses import dataclass

from django.utils import translation

from crmcore.models import User
from tickets.models import CannedReply, Ticket
from tickets.name_match import matches
from tickets.placeholders import Place, filled

SHOWN = 8


@dataclass(frozen=True)
class Filled:
    """A reply with the text as the customer would read it."""

    reply: CannedReply
    text: str


def replies_for(ticket: Ticket, user: User, words: str) -> list[Filled]:
    """Those whose name has all the words, by pinyin and initials too; the first ones where nothing is typed."""
    rows = CannedReply.objects.filter(is_active=True).order_by("position", "pk")
    found = [row for row in rows if matches(words, row.name, row.name_zh)][:SHOWN]
    language = language_of(ticket, user)
    return [Filled(row, text_of(row, ticket, user, language)) for row in found]


def language_of(ticket: Ticket, user: User) -> str:
    """The customer's language, the reader's where it is not known."""
    return (ticket.contact.language if ticket.contact else "") or user.language


def text_of(row: CannedReply, ticket: Ticket, user: User | None, language: str) -> str:
    """The reply with its places filled, in a language; nobody's where the desk itself writes."""
    values: dict[str, str] = {
        Place.CUSTOMER: ticket.requester,
        Place.COMPANY: ticket.account.name if ticket.account else "",
        Place.NUMBER: ticket.number,
        Place.SUBJECT: "" if ticket.is_subject_internal else ticket.subject,
        Place.AGENT: user.name if user else "",
    }
    with translation.override(language):
        return filled(row.body_in(language), values | {Place.QUEUE: ticket.queue.label})
