"""Where text messages can go: which number of the customer, by which carrier, from which number of ours."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from crmcore import phone_numbers
from crmcore.models import Account, Contact, ContactPoint, Queue
from crmcore.phone_numbers import LineType
from telephony.models import PhoneLine, TextMessage, TextThread
from telephony.providers.registry import PROVIDERS, provider_of
from telephony.providers.texts import CarriesTexts
from telephony.queries.caller_match import among
from telephony.queries.dialling import belongs_to_demo, is_opted_out
from telephony.queries.number_owners import owners_of
from telephony.text_states import TextChannel
from tickets.models import Ticket

_FLAGS = {TextChannel.SMS: "takes_texts", TextChannel.WHATSAPP: "takes_whatsapp"}


@dataclass(frozen=True)
class TextRoute:
    """The carrier's code and our number; `is_real` unless nobody will ever read what goes this way."""

    provider: str
    line: PhoneLine
    is_real: bool


@dataclass(frozen=True)
class Outlet:
    """A way to write to the requester of a ticket."""

    channel: TextChannel
    theirs: str
    route: TextRoute
    thread: TextThread
    is_opted_out: bool

    def takes_free_text(self, at: datetime) -> bool:
        """Whether words of our own may be sent, not only an approved template."""
        return self.thread.takes_free_text(at)


@dataclass(frozen=True)
class _Standing:
    """What holds for a number on every channel."""

    is_demo: bool
    is_opted_out: bool

    @classmethod
    def of(cls, number: str) -> "_Standing":
        return cls(belongs_to_demo(number), is_opted_out(number))


def outlets_of(ticket: Ticket) -> list[Outlet]:
    """The channels by which the requester can be written to now; none without a number or a carrier."""
    own = mobile_of(ticket)
    found = dict.fromkeys(TextChannel, own) | _numbers_written_to(ticket)
    numbers = {channel: number for channel, number in found.items() if number}
    threads = TextThread.objects.filter(theirs__in=numbers.values())
    known = {(thread.channel, thread.theirs): thread for thread in threads} if numbers else {}
    standings = {number: _Standing.of(number) for number in set(numbers.values())}
    outlets = (
        _outlet(known.get((channel, number)) or _unwritten(channel, number), standings[number], ticket.queue)
        for channel, number in numbers.items()
    )
    return [outlet for outlet in outlets if outlet]


def outlet_to(number: str, channel: TextChannel, *, queue: Queue | None) -> Outlet | None:
    """The way to one number (E.164); None when nothing is set up that leads there."""
    known = TextThread.objects.filter(channel=channel, theirs=number).first()
    return _outlet(known or _unwritten(channel, number), _Standing.of(number), queue)


def number_for(ticket: Ticket, channel: TextChannel) -> str:
    """The number that the ticket's messages go to: the one of its latest, else the requester's own mobile."""
    return _numbers_written_to(ticket).get(channel) or mobile_of(ticket)


def mobile_of(ticket: Ticket) -> str:
    """A number of the requester that may take messages, the preferred one first; empty where there is none."""
    if ticket.contact_id is None and ticket.account_id is None:
        return ""
    holder = Q(contact=ticket.contact_id) if ticket.contact_id else Q(account=ticket.account_id)
    points = ContactPoint.objects.filter(holder, kind=ContactPoint.Kind.PHONE, is_shared=False)
    values = points.order_by("opted_out", "-is_preferred", "pk").values_list("value", flat=True)
    return next((value for value in values if takes_messages(value)), "")


def takes_messages(value: str) -> bool:
    """Whether a stored number may belong to a mobile; in some countries the number alone does not tell."""
    may_be_mobile = phone_numbers.place_of(value).line_type in (LineType.MOBILE, LineType.UNKNOWN)
    return value.startswith("+") and may_be_mobile


def text_route(channel: TextChannel, *, is_demo: bool, queue: Queue | None = None, ours: str = "") -> TextRoute | None:
    """The way for a channel, from `ours` where that is still in use, else from a number of the queue.

    Nobody made up for the demo is ever written to by a carrier that reaches people.
    """
    able = [code for code in PROVIDERS if _carries(code, channel)]
    real = [code for code in able if provider_of(code).capabilities.reaches_people]
    imaginary = [code for code in able if code not in real]
    if real and not is_demo:
        line = _line(channel, is_demo=False, queue=queue, ours=ours)
        return TextRoute(real[0], line, is_real=True) if line else None
    if imaginary and (is_demo or settings.DEMO):
        line = _line(channel, is_demo=None, queue=queue, ours=ours)
        return TextRoute(imaginary[0], line, is_real=False) if line else None
    return None


def texting_line(number: str) -> PhoneLine | None:
    """Our line with this number (E.164)."""
    return PhoneLine.objects.select_related("queue").filter(number=number).first()


def text_called(public_id: UUID) -> int | None:
    """The key of a message of ours that the carrier was told of."""
    return TextMessage.objects.filter(public_id=public_id).values_list("pk", flat=True).first()


def writer_of(number: str) -> tuple[Contact | None, Account | None]:
    """Who writes from a number; nobody where several could."""
    decision = among(owners_of(number))
    if decision is None:
        return None, None
    contact = Contact.objects.filter(pk=decision.contact_id).first() if decision.contact_id else None
    account = Account.objects.filter(pk=decision.account_id).first() if decision.account_id else None
    return contact, account


def conversation_of(thread: TextThread, contact: Contact | None, now: datetime) -> Ticket | None:
    """The ticket that a message on this thread belongs to; None when it begins a new matter."""
    texts = TextMessage.objects.filter(channel=thread.channel, theirs=thread.theirs, ticket__isnull=False)
    latest = texts.select_related("ticket__status", "ticket__type").order_by("-created_at").first()
    ticket = latest.ticket if latest else None
    is_theirs = ticket is not None and (contact is None or ticket.contact_id in (None, contact.pk))
    if ticket is not None and is_theirs and (ticket.is_active or ticket.may_be_reopened(now)):
        return ticket
    if contact is None:
        return None
    own = Ticket.objects.filter(contact=contact, channel=thread.channel, is_active=True)
    return own.order_by("-last_event_at").first()


def _unwritten(channel: TextChannel, number: str) -> TextThread:
    return TextThread(channel=channel, theirs=number)


def _outlet(thread: TextThread, standing: _Standing, queue: Queue | None) -> Outlet | None:
    channel = TextChannel(thread.channel)
    route = text_route(channel, is_demo=standing.is_demo, queue=queue, ours=thread.ours)
    if route is None:
        return None
    return Outlet(channel, thread.theirs, route, thread, thread.opted_out_at is not None or standing.is_opted_out)


def _numbers_written_to(ticket: Ticket) -> dict[TextChannel, str]:
    """By channel the number of the ticket's latest message."""
    texts = TextMessage.objects.filter(ticket=ticket).order_by("channel", "-created_at").distinct("channel")
    return {TextChannel(channel): number for channel, number in texts.values_list("channel", "theirs")}


def _carries(code: str, channel: TextChannel) -> bool:
    carrier = provider_of(code)
    return isinstance(carrier, CarriesTexts) and channel in carrier.text_channels()


def _line(channel: TextChannel, *, is_demo: bool | None, queue: Queue | None, ours: str) -> PhoneLine | None:
    lines = PhoneLine.objects.filter(is_active=True, **{_FLAGS[channel]: True}).order_by("pk")
    if is_demo is not None:
        lines = lines.filter(is_demo=is_demo)
    found = lines.filter(number=ours).first() if ours else None
    found = found or (lines.filter(queue=queue).first() if queue else None)
    return found or lines.first()
