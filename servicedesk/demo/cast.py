"""Who and what of the demo stands in the database, by the keys of its writers."""

from dataclasses import dataclass, field

from crmcore.models import Account, Contact, Opportunity, Outcome, Queue, Stage, Team, User
from telephony.models import PhoneLine
from tickets.models import Ticket, TicketStatus, TicketType


@dataclass
class Cast:
    """Filled step by step while the demo is loaded."""

    teams: dict[str, Team] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    members: dict[str, list[User]] = field(default_factory=dict)
    lines: dict[str, PhoneLine] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    opportunities: dict[str, Opportunity] = field(default_factory=dict)
    types: dict[str, TicketType] = field(default_factory=dict)
    statuses: dict[str, TicketStatus] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)

    def shift(self) -> list[User]:
        """Agents who serve a queue and as whom nobody is invited to sign in."""
        serving = dict.fromkeys(user for members in self.members.values() for user in members)
        return [user for user in serving if not user.username[-1].isdigit()]

    def administrator(self) -> User:
        """Who sets up the desk."""
        return next(user for user in self.staff.values() if any(role.code == "admin" for role in user.roles.all()))

    def read_shipped(self) -> None:
        """The types, statuses, outcomes and stages that every desk has."""
        self.types = {row.code: row for row in TicketType.objects.all()}
        self.statuses = {row.category: row for row in TicketStatus.objects.order_by("-position")}
        self.outcomes = {row.code: row for row in Outcome.objects.filter(queue=None)}
        self.stages = {row.code: row for row in Stage.objects.all()}
