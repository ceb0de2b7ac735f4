"""Appending to a ticket's timeline: the next seq, the row, the search index."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, Func, Value
from django.db.models.functions import Cast

from crmcore.clock import now
from crmcore.models import Account, Contact, User
from crmcore.text_search import index_text
from tickets.actions.customer_news import tell_customers
from tickets.actions.followers import tell_followers
from tickets.actions.telling import tell_interaction
from tickets.models import Interaction, Ticket

Channel, Direction = Interaction.Channel, Interaction.Direction


def append(
    ticket: Ticket,
    *,
    channel: str,
    direction: str,
    by: User | None,
    occurred_at: datetime,
    body: str = "",
    is_public: bool = False,
    account: Account | None = None,
    contact: Contact | None = None,
    **facts: Any,
) -> Interaction:
    """Write the next entry of a locked ticket, of its customer unless told otherwise; the caller saves it."""
    ticket.seq += 1
    ticket.last_event_at = max(ticket.last_event_at, occurred_at)
    entry = Interaction.objects.create(
        ticket=ticket,
        seq=ticket.seq,
        account=account or ticket.account,
        contact=contact or ticket.contact,
        channel=channel,
        direction=direction,
        body=body,
        is_public=is_public,
        by=by,
        occurred_at=occurred_at,
        recorded_at=now(),
        **facts,
    )
    if body:
        index(ticket, {"C": body})
    tell_interaction(entry)
    tell_followers(ticket, entry)
    tell_customers(ticket, entry)
    return entry


def append_event(ticket: Ticket, event: str, *, by: User | None, at: datetime, **detail: Any) -> Interaction:
    """Write down that something changed; names in `detail` as `names()` gives them."""
    return append(
        ticket,
        channel=Channel.SYSTEM,
        direction=Direction.INTERNAL,
        by=by,
        occurred_at=at,
        event=event,
        detail=detail,
    )


def index(ticket: Ticket, parts: dict[str, str]) -> None:
    """Add texts by weight to what the ticket is found by."""
    lexemes = Cast(Value(index_text(parts)), SearchVectorField())
    both = Func(F("search"), lexemes, arg_joiner=" || ", template="%(expressions)s")
    Ticket.objects.filter(pk=ticket.pk).update(search=both)


def names(thing: Any) -> list[str]:
    """A named thing in both languages, as it was called when this was written."""
    return [thing.name, getattr(thing, "name_zh", "") or thing.name]
