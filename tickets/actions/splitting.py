"""Splitting: what was said about another matter moves to a ticket of its own."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, Max, Value, When
from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import Queue, User
from crmcore.permissions import require
from crmcore.queries.rights import require_reach
from tickets.actions import sla
from tickets.actions.changing import changing
from tickets.actions.clocks import ledger_of, stop_clock
from tickets.actions.counting import is_reply
from tickets.actions.entries import append_event, index
from tickets.actions.lifecycle import open_ticket
from tickets.actions.moves import WrongMove
from tickets.models import Interaction, SlaEvent, Ticket, TicketType

Direction = Interaction.Direction


@transaction.atomic
def split_ticket(
    ticket: Ticket,
    entries: Collection[int],
    *,
    by: User,
    subject: str,
    type: TicketType,  # noqa: A002  the field's own name
    queue: Queue,
) -> Ticket:
    """Move these entries to a new ticket of the same customer.

    It owes a first reply since the oldest moved contact that nobody answered; its resolution begins now. What the old
    ticket owed for nothing but the moved entries it owes no longer. Raises WrongMove.
    """
    require(by, "ticket", "create")
    require_reach(by, "edit", ticket)
    with changing(ticket) as ticket:
        at = now()
        chosen = ticket.interactions.filter(pk__in=entries).exclude(channel=Interaction.Channel.SYSTEM)
        moved = list(chosen.select_related("by").order_by("seq"))
        if not moved:
            raise WrongMove(_("Choose at least one entry to move."))
        facts = {"subject": subject, "type": type, "queue": queue, "contacted_at": _asked_at(ticket, moved)}
        new = _like(ticket, by, facts)
        _move(moved, new)
        _owe_no_longer(ticket, at)
        append_event(ticket, "split", by=by, at=at, number=new.number, count=len(moved))
        with changing(new) as new:
            new.seq = new.interactions.aggregate(last=Max("seq"))["last"] or 0
            append_event(new, "split_off", by=by, at=at, number=ticket.number, count=len(moved))
            index(new, {"C": " ".join(row.body for row in moved)})
        audit.record("ticket.split", ticket, by=by, detail={"into": new.pk, "entries": [row.pk for row in moved]})
    return new


def _like(ticket: Ticket, by: User, facts: dict[str, Any]) -> Ticket:
    return open_ticket(
        by=by,
        account=ticket.account,
        contact=ticket.contact,
        channel=ticket.channel,
        priority=ticket.priority,
        assignee=ticket.assignee,
        **facts,
    )


def _asked_at(ticket: Ticket, moved: list[Interaction]) -> datetime | None:
    """The oldest of the moved contacts that neither a moved entry nor one that stays has answered."""
    replied = [row.occurred_at for row in moved if is_reply(row)]
    return _unanswered(moved, max([*replied, *filter(None, [ticket.last_reply_at])], default=None))


def _unanswered(rows: list[Interaction], replied_at: datetime | None) -> datetime | None:
    asked = [row.occurred_at for row in rows if row.direction == Direction.IN]
    return min((at for at in asked if replied_at is None or at > replied_at), default=None)


def _move(rows: list[Interaction], new: Ticket) -> None:
    """In one statement, after what the new ticket already says."""
    places = [When(pk=row.pk, then=Value(place)) for place, row in enumerate(rows, start=new.seq + 1)]
    Interaction.objects.filter(pk__in=[row.pk for row in rows]).update(ticket=new, seq=Case(*places))


def _owe_no_longer(ticket: Ticket, at: datetime) -> None:
    ledger = ledger_of(ticket)
    owed = next(iter(ledger.live(*sla.REPLIES)), None)
    left = list(ticket.interactions.filter(direction=Direction.IN).exclude(channel=Interaction.Channel.SYSTEM))
    if owed is not None and _unanswered(left, ticket.last_reply_at) is None:
        stop_clock(ledger, owed, at, SlaEvent.Kind.CANCELLED, reason="split")
