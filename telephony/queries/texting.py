"""Where text messages can go: which number of the customer, by which carrier, from which number of ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from crmcore.models import Account, Contact, Queue
from telephony.models import TextMessage, TextThread
from telephony.providers.registry import message_channels
from telephony.queries.followers import Followers
from telephony.queries.text_ends import Ends, OurEnd
from telephony.queries.text_numbers import Numbers
from telephony.text_states import TextChannel
from tickets.models import Ticket

_NUMBERS = Numbers()
ENDS: Mapping[TextChannel, Ends] = {
    TextChannel.SMS: _NUMBERS,
    TextChannel.WHATSAPP: _NUMBERS,
    TextChannel.WECHAT: Followers(),
}


@dataclass(frozen=True)
class TextRoute:
    """The carrier's code and our end; `is_real` unless nobody will ever read what goes this way."""

    provider: str
    ours: OurEnd
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
    """What holds for a customer's number or id on every channel that knows them by it."""

    is_demo: bool
    is_unwanted: bool

    @classmethod
    def of(cls, thread: TextThread) -> "_Standing":
        ends = ENDS[TextChannel(thread.channel)]
        return cls(ends.is_made_up(thread.theirs, thread.ours), ends.is_unwanted(thread.theirs))


def outlets_of(ticket: Ticket) -> list[Outlet]:
    """The channels by which the requester can be written to now; none without a number or a carrier."""
    own = {ends: ends.address_of(ticket) for ends in set(ENDS.values())}
    found = {channel: own[ends] for channel, ends in ENDS.items()} | _numbers_written_to(ticket)
    numbers = {channel: number for channel, number in found.items() if number}
    rows = TextThread.objects.filter(theirs__in=numbers.values())
    known = {(thread.channel, thread.theirs): thread for thread in rows} if numbers else {}
    threads = [known.get(pair) or TextThread(channel=pair[0], theirs=pair[1]) for pair in numbers.items()]
    alike = {(ENDS[TextChannel(thread.channel)], thread.theirs): thread for thread in threads}
    standings = {key: _Standing.of(thread) for key, thread in alike.items()}
    outlets = (
        _outlet(thread, standings[ENDS[TextChannel(thread.channel)], thread.theirs], ticket.queue) for thread in threads
    )
    return [outlet for outlet in outlets if outlet]


def outlet_to(number: str, channel: TextChannel, *, queue: Queue | None) -> Outlet | None:
    """The way to one number (E.164) or id; None when nothing is set up that leads there."""
    known = TextThread.objects.filter(channel=channel, theirs=number).first()
    thread = known or TextThread(channel=channel, theirs=number)
    return _outlet(thread, _Standing.of(thread), queue)


def is_unwanted(channel: str, number: str) -> bool:
    """Whether somebody noted that the customer wants no messages there."""
    return ENDS[TextChannel(channel)].is_unwanted(number)


def number_for(ticket: Ticket, channel: TextChannel) -> str:
    """Where the ticket's messages go: where its latest came from or went, else what the requester is known by."""
    return _numbers_written_to(ticket).get(channel) or ENDS[channel].address_of(ticket)


def text_route(channel: TextChannel, *, is_demo: bool, queue: Queue | None = None, ours: str = "") -> TextRoute | None:
    """The way for a channel, from `ours` where that is still in use, else from a number of the queue.

    Nobody made up for the demo is ever written to by a carrier that reaches people.
    """
    able = [carrier for carrier in message_channels() if channel in carrier.text_channels()]
    real = [carrier.code for carrier in able if carrier.reaches_people]
    imaginary = [carrier.code for carrier in able if not carrier.reaches_people]
    if real and not is_demo:
        end = ENDS[channel].chosen(channel, is_demo=False, queue=queue, ours=ours)
        return TextRoute(real[0], end, is_real=True) if end else None
    if imaginary and (is_demo or settings.DEMO):
        end = ENDS[channel].chosen(channel, is_demo=None, queue=queue, ours=ours)
        return TextRoute(imaginary[0], end, is_real=False) if end else None
    return None


def end_called(channel: str, address: str) -> OurEnd | None:
    """What customers write to under this address."""
    return ENDS[TextChannel(channel)].called(address)


def address_in(channel: str, raw: str, end: OurEnd | None) -> str:
    """A customer's address as it is stored, from how the channel wrote it to this end of ours."""
    return ENDS[TextChannel(channel)].read(raw, end.region if end else "")


def shown_address(channel: str, address: str) -> str:
    """A customer's address as people read it."""
    return ENDS[TextChannel(channel)].shown(address)


def text_called(public_id: UUID) -> int | None:
    """The key of a message of ours that the carrier was told of."""
    return TextMessage.objects.filter(public_id=public_id).values_list("pk", flat=True).first()


def writer_of(channel: str, number: str) -> tuple[Contact | None, Account | None]:
    """Who writes from a number or id; nobody where several could."""
    return ENDS[TextChannel(channel)].writer(number)


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


def _numbers_written_to(ticket: Ticket) -> dict[TextChannel, str]:
    """By channel the number of the ticket's latest message."""
    texts = TextMessage.objects.filter(ticket=ticket).order_by("channel", "-created_at").distinct("channel")
    return {TextChannel(channel): number for channel, number in texts.values_list("channel", "theirs")}


def _outlet(thread: TextThread, standing: _Standing, queue: Queue | None) -> Outlet | None:
    channel = TextChannel(thread.channel)
    route = text_route(channel, is_demo=standing.is_demo, queue=queue, ours=thread.ours)
    if route is None:
        return None
    is_opted_out = thread.opted_out_at is not None or standing.is_unwanted
    return Outlet(channel, thread.theirs, route, thread, is_opted_out)
