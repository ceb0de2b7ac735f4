"""Words to a customer that a step writes: a canned reply in their language, by e-mail where they can be reached so."""

from datetime import datetime

from django.utils import translation

from crmcore.models import User
from tickets.actions.counting import count
from tickets.actions.entries import Channel, Direction, append
from tickets.actions.mail_drafting import Envelope, new_mail
from tickets.models import CannedReply, Interaction, Ticket
from tickets.queries.canned import text_of
from tickets.queries.mail_outlets import answered_by, language_for, outlet_of


def write_to_customer(ticket: Ticket, reply: CannedReply, *, by: User | None, at: datetime) -> Interaction:
    """Say to the customer of a locked ticket what a canned reply says, for all to read who belong to it.

    By a person it is an answer like any other; by the desk itself (None) it stops no clock and asks for no answer.
    """
    outlet, language = outlet_of(ticket), language_for(ticket)
    with translation.override(language):
        entry = append(
            ticket,
            channel=Channel.EMAIL if outlet and outlet.to else Channel.PORTAL,
            direction=Direction.OUT,
            by=by,
            occurred_at=at,
            body=text_of(reply, ticket, by, language),
            is_public=True,
            detail={} if by else {"said": "message"},
        )
        if outlet and outlet.to:
            envelope = Envelope((outlet.to,), outlet.cc)
            answered = answered_by(ticket)
            new_mail(outlet.mailbox, ticket, envelope, entry=entry, by=by, answered=answered, is_automatic=by is None)
    count(ticket, entry, is_contact=False, replied_at=at)
    return entry
