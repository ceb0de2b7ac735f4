"""Writing to customers: a message is a row and an entry of the ticket first, and goes out after the commit."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from crmcore import clock
from crmcore.later import run_later
from crmcore.models import User
from telephony.actions.text_states import lock_thread
from telephony.models import TextMessage, TextTemplate, TextThread
from telephony.queries.texting import TextRoute, number_for, outlet_to
from telephony.text_channels import ChannelRules
from telephony.text_places import LONGEST_VALUE, filled, places_in
from telephony.text_rules import TextNotSent, TextRefusal
from telephony.text_segments import segments_of
from telephony.text_states import LOST, TextChannel, TextState
from tickets.actions.drafts import save_draft
from tickets.actions.interactions import log_interaction
from tickets.models import Interaction, Ticket
from tickets.queries.ticket_page import draft_key

# The worker sends at once; where it died, the next round takes the message up after this.
TAKEN_UP_AFTER = timedelta(seconds=5)


@dataclass(frozen=True)
class Words:
    """What a message says: free text, or a template with the values of its places."""

    body: str = ""
    template: TextTemplate | None = None
    values: Sequence[str] = ()

    def text(self, rules: ChannelRules) -> str:
        """The message as the customer reads it on such a channel. Raises TextNotSent for what cannot be sent."""
        if self.template is None:
            return _checked(self.body.replace("\r\n", "\n").strip(), rules)
        values = [value.strip() for value in self.values]
        if (
            len(values) != places_in(self.template.body)
            or not all(values)
            or max(map(len, values), default=0) > (LONGEST_VALUE)
        ):
            raise TextNotSent(TextRefusal.BAD_TEMPLATE)
        return _checked(filled(self.template.body, values), rules)


@transaction.atomic
def send_text(
    ticket: Ticket, channel: TextChannel, words: Words, *, by: User, token: str, seen_seq: int | None = None
) -> TextMessage:
    """Write to the requester of a ticket; the same form of the same person is sent once.

    Raises TextNotSent, and StaleTicket when something came in that `by` has not seen.
    """
    theirs = number_for(ticket, channel)
    if not theirs:
        raise TextNotSent(TextRefusal.NO_WAY)
    thread = lock_thread(channel, theirs)
    known = TextMessage.objects.filter(by=by, token=token).first()
    if known is not None:
        return known
    text = _draft(ticket, thread, words, by)
    text.token = token
    enter_text(text, ticket, seen_seq)
    save_draft(by, draft_key(ticket), "")
    return text


@transaction.atomic
def send_again(text: TextMessage, *, by: User) -> TextMessage:
    """Send a lost message once more; pressed twice, that is done once. Raises TextNotSent."""
    thread = lock_thread(text.channel, text.theirs)
    lost = TextMessage.objects.select_related("ticket__queue", "template", "again").get(pk=text.pk)
    if hasattr(lost, "again"):
        return lost.again
    if lost.ticket is None or lost.state not in LOST:
        return lost
    words = Words(lost.body, lost.template, lost.variables)
    copy = _draft(lost.ticket, thread, words, by)
    copy.repeats = lost
    enter_text(copy, lost.ticket, None)
    return copy


def _draft(ticket: Ticket, thread: TextThread, words: Words, by: User) -> TextMessage:
    """The message as it may be sent now on a locked thread, not yet stored."""
    now, channel = clock.now(), TextChannel(thread.channel)
    outlet = outlet_to(thread.theirs, channel, queue=ticket.queue)
    if outlet is None:
        raise TextNotSent(TextRefusal.NO_WAY)
    if outlet.is_opted_out:
        raise TextNotSent(TextRefusal.OPTED_OUT)
    if words.template is None and not thread.takes_free_text(now):
        raise TextNotSent(thread.rules.closed)
    text = new_text(thread, outlet.route, words.text(thread.rules), now=now)
    text.template, text.variables = words.template, [value.strip() for value in words.values]
    text.by, text.contact, text.account = by, ticket.contact, ticket.account
    return text


def new_text(thread: TextThread, route: TextRoute, body: str, *, now: datetime) -> TextMessage:
    """A message to the customer of a thread, not yet stored."""
    return TextMessage(
        direction=TextMessage.Direction.OUT,
        channel=thread.channel,
        ours=route.ours.address,
        theirs=thread.theirs,
        body=body,
        segments=segments_of(body).count if thread.channel == TextChannel.SMS else 1,
        state=TextState.QUEUED,
        provider=route.provider,
        created_at=now,
        due_at=now + TAKEN_UP_AFTER,
    )


def enter_text(text: TextMessage, ticket: Ticket, seen_seq: int | None) -> None:
    """Put the message on the ticket's timeline, store it, and let it go after the commit."""
    text.public_id = uuid.uuid4()
    text.interaction = log_interaction(
        ticket=ticket,
        account=ticket.account,
        contact=ticket.contact,
        channel=text.channel,
        direction=Interaction.Direction.OUT,
        body=text.body,
        is_public=True,
        by=text.by,
        reference=f"text:{text.public_id}",
        seen_seq=seen_seq,
    )
    text.ticket = text.interaction.ticket
    text.save()
    run_later("telephony.deliver_text", text.pk)


def _checked(body: str, rules: ChannelRules) -> str:
    if not body:
        raise TextNotSent(TextRefusal.EMPTY)
    if not rules.takes(body):
        raise TextNotSent(rules.too_long)
    return body
