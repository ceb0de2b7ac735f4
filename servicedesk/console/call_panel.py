"""Region D during a call: the ticket, the choices the screen pop left open, the wrap-up form."""

from dataclasses import dataclass, field

from django.db.models import Q

from crmcore.models import Account, Contact, Outcome, OutcomeGroup, User
from telephony.models import Call
from telephony.screen_pop import Candidate, Decision, Kind
from tickets.models import Ticket


@dataclass(frozen=True)
class Choice:
    """One row of a chooser; details stay masked until chosen."""

    account: Account | None
    contact: Contact | None
    open_tickets: int = 0

    @property
    def seed(self) -> object:
        return self.contact.pk if self.contact else self.account.pk if self.account else None

    @property
    def name(self) -> str:
        return self.contact.name if self.contact else self.account.name if self.account else ""


@dataclass(frozen=True)
class Question:
    """What the screen pop could not decide: `kind` is several, maybe, unknown, withheld, ticket or empty."""

    kind: str = ""
    choices: list[Choice] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True)
class OutcomeRows:
    """The outcomes under one heading, each with the digit that chooses it, if it has one."""

    group: OutcomeGroup | None
    entries: list[tuple[Outcome, int | None]]


def question_of(call: Call, user: User) -> Question:
    """What the agent is asked about this call right now."""
    decision = Decision.of(call.pop)
    if decision is None:
        return Question()
    if call.contact_id is None and call.account_id is None:
        if decision.kind in {Kind.SEVERAL, Kind.MAYBE}:
            return Question(str(decision.kind), _choices(decision.candidates, user), more=decision.more)
        if decision.kind in {Kind.UNKNOWN, Kind.WITHHELD}:
            return Question(str(decision.kind))
        return Question()
    if call.contact_id is None and decision.candidates:
        return Question("person", _choices(decision.candidates, user), more=decision.more)
    if call.ticket_id is None and decision.ticket_ids:
        tickets = Ticket.objects.visible_to(user).filter(pk__in=decision.ticket_ids, is_active=True)
        found = sorted(tickets.select_related("status"), key=lambda ticket: decision.ticket_ids.index(ticket.pk))
        return Question("ticket", tickets=found) if found else Question()
    return Question()


def outcomes_of(call: Call) -> list[OutcomeRows]:
    """The outcomes for the call's queue under their headings, those without a heading first.

    Fingers learn a digit, so it belongs to the outcome and never moves; a queue's own goes before the desk's.
    """
    rows = Outcome.objects.filter(Q(queue=call.queue) | Q(queue=None), is_active=True, is_automatic=False)
    outcomes = list(rows.select_related("group"))
    keys = {outcome.digit: outcome.pk for outcome in sorted(outcomes, key=lambda row: row.queue_id is not None)}
    found: dict[int | None, list[tuple[Outcome, int | None]]] = {}
    for outcome in sorted(outcomes, key=lambda row: row.group.position if row.group else -1):
        digit = outcome.digit if keys.get(outcome.digit) == outcome.pk else None
        found.setdefault(outcome.group_id, []).append((outcome, digit))
    return [OutcomeRows(entries[0][0].group, entries) for entries in found.values()]


def _choices(candidates: list[Candidate], user: User) -> list[Choice]:
    accounts = Account.objects.visible_to(user).in_bulk([row.account_id for row in candidates if row.account_id])
    contacts = Contact.objects.visible_to(user).in_bulk([row.contact_id for row in candidates if row.contact_id])
    rows = [
        Choice(accounts.get(row.account_id or 0), contacts.get(row.contact_id or 0), row.open_tickets)
        for row in candidates
    ]
    return [row for row in rows if row.account or row.contact]
