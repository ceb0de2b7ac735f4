"""Text messages of a thread: the same actions as any other, by a carrier that reaches nobody."""

from crmcore import clock
from crmcore.models import ContactPoint
from servicedesk.demo.cast import Cast
from servicedesk.demo.schema import EntryText
from telephony.actions.text_inbox import take_text
from telephony.actions.text_outbox import deliver_text
from telephony.actions.texting import Words, send_text
from telephony.models import TextMessage
from telephony.providers.message_channel import InboundMessage
from telephony.queries.text_numbers import takes_messages
from telephony.text_states import TextChannel
from tickets.models import Ticket

PROVIDER = "simulated"


def exchange_text(ticket: Ticket, entry: EntryText, cast: Cast) -> None:
    """One message, ours or the customer's; a customer answers what we wrote first."""
    author = cast.staff.get(entry.who)
    if author is not None:
        text = send_text(ticket, TextChannel.SMS, Words(entry.text), by=author, token=f"{ticket.number}{entry.after}")
        deliver_text(text.pk)
        return
    phones = ContactPoint.objects.filter(contact=cast.contacts[entry.who], kind=ContactPoint.Kind.PHONE)
    numbers = phones.order_by("-is_preferred", "pk").values_list("value", flat=True)
    asked = TextMessage.objects.filter(ticket=ticket).latest("created_at")
    answer = InboundMessage(
        provider=PROVIDER,
        sid=f"simulated-{ticket.number}{entry.after}",
        channel=TextChannel.SMS,
        sender=next(number for number in numbers if takes_messages(number)),
        recipient=asked.ours,
        body=entry.text,
    )
    take_text(answer, now=clock.now())
