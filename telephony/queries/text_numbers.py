"""Messages between telephone numbers."""

from django.conf import settings
from django.db.models import Q

from crmcore import phone_numbers
from crmcore.models import Account, Contact, ContactPoint, Queue
from crmcore.phone_numbers import LineType
from telephony.models import PhoneLine
from telephony.queries.dialling import belongs_to_demo, is_opted_out
from telephony.queries.text_ends import OurEnd, only_holder
from telephony.text_states import TextChannel
from tickets.models import Ticket

_FLAGS = {TextChannel.SMS: "takes_texts", TextChannel.WHATSAPP: "takes_whatsapp"}


class Numbers:
    """Our lines that are marked as taking messages of a channel, and customers' mobiles."""

    def called(self, address: str) -> OurEnd | None:
        """Our line with this number, whatever it takes."""
        line = PhoneLine.objects.select_related("queue").filter(number=self.read(address, "")).first()
        return _end(line) if line else None

    def read(self, raw: str, region: str) -> str:
        """E.164 where it is one; senders with names are kept as they are."""
        return phone_numbers.normalise(raw, region or settings.DEFAULT_PHONE_REGION).value or raw.strip()[:20]

    def chosen(self, channel: TextChannel, *, is_demo: bool | None, queue: Queue | None, ours: str) -> OurEnd | None:
        marked = {_FLAGS[channel]: True}
        lines = PhoneLine.objects.select_related("queue").filter(is_active=True, **marked).order_by("pk")
        if is_demo is not None:
            lines = lines.filter(is_demo=is_demo)
        found = lines.filter(number=ours).first() if ours else None
        found = found or (lines.filter(queue=queue).first() if queue else None) or lines.first()
        return _end(found) if found else None

    def address_of(self, ticket: Ticket) -> str:
        return mobile_of(ticket)

    def is_made_up(self, theirs: str, ours: str) -> bool:
        return belongs_to_demo(theirs)

    def is_unwanted(self, theirs: str) -> bool:
        return is_opted_out(theirs)

    def writer(self, theirs: str) -> tuple[Contact | None, Account | None]:
        return only_holder(ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, value=theirs))

    def shown(self, theirs: str) -> str:
        return phone_numbers.pretty(theirs)


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


def _end(line: PhoneLine) -> OurEnd:
    return OurEnd(line.number, phone_numbers.pretty(line.number), line.queue, line.language, line.region, line.is_demo)
