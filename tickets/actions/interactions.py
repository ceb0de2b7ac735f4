"""What happened between the desk and a customer, entered on the timeline and counted by the clocks."""

from datetime import datetime
from typing import Any

from django.db import transaction

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import Account, Contact, User
from tickets.actions.changing import MergedAway, changing
from tickets.actions.counting import count
from tickets.actions.entries import Channel, Direction, append, append_event
from tickets.actions.followers import tell_mentioned
from tickets.actions.lifecycle import take_up_again
from tickets.actions.telling import tell_interaction
from tickets.models import Interaction, Ticket


def log_interaction(
    *,
    ticket: Ticket | None,
    account: Account | None,
    contact: Contact | None,
    channel: str,
    direction: str,
    body: str,
    is_public: bool,
    by: User | None,
    occurred_at: datetime | None = None,
    answered_at: datetime | None = None,
    talk_seconds: int = 0,
    answered: bool = False,
    reference: str = "",
    detail: dict[str, Any] | None = None,
    seen_seq: int | None = None,
) -> Interaction:
    """Enter an interaction, on a ticket or on the customer alone; times may lie in the past.

    A call is contact when it rang (`occurred_at`) and a reply when it was answered (`answered_at`) and lasted.
    The same person's second entry with the same `reference` is the first one again. A contact after solving
    reopens the ticket or begins the one that follows; what is meant for a ticket that was merged goes where that went,
    unless the writer looks at it (`seen_seq`). Raises as `changing` does.
    """
    facts = {
        "account": account,
        "contact": contact,
        "channel": channel,
        "direction": direction,
        "body": body,
        "is_public": is_public,
        "by": by,
        "occurred_at": occurred_at or now(),
        "talk_seconds": talk_seconds,
        "answered": answered,
        "reference": reference,
        "detail": detail or {},
    }
    return _on_ticket(ticket, facts, answered_at, seen_seq) if ticket else _alone(facts)


@transaction.atomic
def withdraw_interaction(entry: Interaction, *, by: User) -> None:
    """Take back what was entered for the wrong customer; on a ticket, an event says so in its place."""
    customer = {"account": entry.account_id, "contact": entry.contact_id, "ticket": entry.ticket_id}
    audit.record("interaction.withdrawn", entry, by=by, detail=customer)
    if entry.ticket is None:
        tell_interaction(entry)
        entry.delete()
        return
    with changing(entry.ticket) as ticket:
        append_event(ticket, "withdrawn", by=by, at=now(), channel=entry.channel)
        entry.delete()


@transaction.atomic
def attach_sound(reference: str, address: str) -> None:
    """What is heard at `address` belongs to the calls entered with this reference; said twice, it was said once."""
    entries = Interaction.objects.select_for_update(of=("self",)).filter(reference=reference, channel=Channel.CALL)
    for entry in entries.exclude(detail__has_key="sound"):
        entry.detail = {**entry.detail, "sound": address}
        entry.save(update_fields=["detail"])
        tell_interaction(entry)


def _on_ticket(
    ticket: Ticket, facts: dict[str, Any], answered_at: datetime | None, seen_seq: int | None
) -> Interaction:
    try:
        return _enter(ticket, facts, answered_at, seen_seq)
    except MergedAway as gone:
        if seen_seq is not None:
            raise
        return _enter(gone.into, facts, answered_at, None)


def _enter(ticket: Ticket, facts: dict[str, Any], answered_at: datetime | None, seen_seq: int | None) -> Interaction:
    by, at = facts["by"], facts["occurred_at"]
    with changing(ticket, seen_seq=seen_seq, by=by) as ticket:
        known = _known(facts)
        if known is not None:
            return known
        is_contact = facts["direction"] == Direction.IN and facts["channel"] != Channel.SYSTEM
        if is_contact and not ticket.status.is_active and (ticket.solved_at is None or at > ticket.solved_at):
            followed = take_up_again(ticket, by=by, at=at)
            if followed != ticket:
                return _enter(followed, facts, answered_at, None)
        entry = append(ticket, **facts)
        if entry.channel == Channel.NOTE:
            tell_mentioned(ticket, entry)
        count(ticket, entry, is_contact=is_contact, replied_at=answered_at or at)
        detail = {"ticket": ticket.pk, "channel": entry.channel}
        audit.record("interaction.logged", entry, by=by, detail=detail)
    return entry


def _known(facts: dict[str, Any]) -> Interaction | None:
    if not facts["reference"]:
        return None
    return Interaction.objects.filter(reference=facts["reference"], by=facts["by"]).first()


@transaction.atomic
def _alone(facts: dict[str, Any]) -> Interaction:
    known = _known(facts)
    if known is not None:
        return known
    entry = Interaction.objects.create(recorded_at=now(), **facts)
    audit.record("interaction.logged", entry, by=entry.by, detail={"channel": entry.channel})
    tell_interaction(entry)
    return entry
