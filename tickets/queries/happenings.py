"""What happened to a ticket in one change, as rules ask for it."""

from collections.abc import Iterable

from django.db.models import Q

from crmcore.models import User
from tickets.models import Interaction, Rule, Ticket

H = Rule.Happening
_BY_EVENT = {
    "status": H.STATUS,
    "assignee": H.ASSIGNED,
    "queue": H.ASSIGNED,
    "priority": H.CHANGED,
    "type": H.CHANGED,
    "subject": H.CHANGED,
    "rated": H.RATED,
    "surveyed": H.RATED,
}
_BY_STATE = {Ticket.SlaState.SOON: H.DUE_SOON, Ticket.SlaState.BREACHED: H.OVERDUE}
_SYSTEM, _NOTE = Interaction.Channel.SYSTEM, Interaction.Channel.NOTE
_IN, _OUT = Interaction.Direction.IN, Interaction.Direction.OUT

# The entries that say that something happened; what clocks do stands in no entry.
ENTRIES: dict[H, Q] = {
    H.OPENED: Q(channel=_SYSTEM, event="opened"),
    H.CONTACT: Q(direction=_IN) & ~Q(channel=_SYSTEM),
    H.REPLIED: Q(direction=_OUT, is_public=True, by__kind=User.Kind.STAFF),
    H.NOTE: Q(channel=_NOTE, by__isnull=False),
    **{
        happening: Q(channel=_SYSTEM, event__in=[event for event, its in _BY_EVENT.items() if its == happening])
        for happening in (H.STATUS, H.ASSIGNED, H.CHANGED, H.RATED)
    },
}


def happened_since(ticket: Ticket, seq: int, sla_state_before: str) -> set[str]:
    """What the entries after `seq` and the state of the clocks say."""
    rows = Interaction.objects.filter(ticket=ticket, seq__gt=seq)
    entries = rows.values_list("channel", "direction", "event", "is_public", "by", "by__kind")
    found = {happening for entry in entries if (happening := _happening(*entry))}
    if ticket.sla_state != sla_state_before and ticket.sla_state in _BY_STATE:
        found.add(_BY_STATE[Ticket.SlaState(ticket.sla_state)])
    return found


def entries_of(happenings: Iterable[str]) -> Q:
    """Entries that say one of these; none for what only clocks say."""
    found = Q(pk__in=[])
    for happening in happenings:
        found |= ENTRIES.get(H(happening), Q(pk__in=[]))
    return found


def _happening(
    channel: str, direction: str, event: str, is_public: bool, by: int | None, by_kind: str | None
) -> str | None:
    if channel == _SYSTEM:
        return H.OPENED if event == "opened" else _BY_EVENT.get(event)
    if direction == _IN:
        return H.CONTACT
    if channel == _NOTE:
        return H.NOTE if by else None
    return H.REPLIED if direction == _OUT and is_public and by_kind == User.Kind.STAFF else None
