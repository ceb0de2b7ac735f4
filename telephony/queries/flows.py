"""Which flow a call goes through, and what the desk knows when a flow asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from crmcore.models import Account, Calendar, CalendarVersion, NumberSequence, Queue
from crmcore.working_time import CalendarError, working_calendar
from telephony.flows.checks import Desk
from telephony.models import Call, FlowVersion, PortalEntry
from tickets.models import Ticket

# More tickets than these that end in the same digits say nothing.
AMBIGUOUS = 2


def flow_of(call: Call) -> FlowVersion | None:
    """The published flow behind the dialled line or the portal's entry; None where callers go straight to a queue."""
    flow = call.line.flow if call.line else None
    if flow is None and (code := call.context.get("entry")):
        entry = PortalEntry.objects.select_related("flow").filter(code=code).first()
        flow = entry.flow if entry else None
    return flow.in_use if flow else None


def is_open(calendar: str, now: datetime) -> bool:
    """Whether the calendar called so is open; what is unknown or broken keeps nobody out."""
    versions = CalendarVersion.objects.filter(calendar__code=calendar, effective_from__lte=now)
    version = versions.order_by("-number").first()
    if version is None:
        return True
    try:
        return working_calendar(version.time_zone, version.weekly, version.overrides).is_open(now)
    except CalendarError:
        return True


@dataclass
class CallFacts:
    """`telephony.flows.walk.Facts` about one call. What is found counts at once, before the call's row knows it."""

    call: Call
    now: datetime
    found: Mapping[str, Any] = field(default_factory=dict)

    def is_open(self, calendar: str) -> bool:
        return is_open(calendar, self.now)

    def find(self, what: str, digits: str) -> Mapping[str, Any] | None:
        found = find_customer(digits) if what == "customer" else find_ticket(digits)
        self.found = found or self.found
        return found

    def grade(self) -> str:
        account = _account_of(self.found) or self.call.account
        return account.grade if account else ""


def _account_of(found: Mapping[str, Any]) -> Account | None:
    if ticket_id := found.get("ticket_id"):
        return Account.objects.filter(tickets=ticket_id).first()
    return Account.objects.filter(code=found["customer_code"]).first() if "customer_code" in found else None


def find_ticket(digits: str) -> Mapping[str, Any] | None:
    """The one ticket whose number has these digits."""
    found = list(Ticket.objects.filter(number__in=_numbers(digits)).values_list("pk", flat=True)[:AMBIGUOUS])
    return {"ticket_id": found[0]} if len(found) == 1 else None


def find_customer(digits: str) -> Mapping[str, Any] | None:
    """The one customer whose code has these digits."""
    accounts = Account.objects.filter(code__in=_numbers(digits), is_active=True)
    found = list(accounts.values_list("code", flat=True)[:AMBIGUOUS])
    return {"customer_code": found[0]} if len(found) == 1 else None


def _numbers(digits: str) -> list[str]:
    """What people may mean by the digits on the keypad, which has no letters."""
    if not (digits.isascii() and digits.isdigit()):
        return []
    return [digits, *(f"{prefix}{digits}" for prefix in NumberSequence.objects.values_list("prefix", flat=True))]


def desk_of_flows() -> Desk:
    """Everything a flow may refer to, for checking it."""
    queues = Queue.objects.filter(is_active=True).annotate(
        people=Count("memberships", filter=Q(memberships__user__is_active=True))
    )
    return Desk(
        queues=dict(queues.values_list("code", "people")),
        calendars=frozenset(Calendar.objects.values_list("code", flat=True)),
        region=settings.DEFAULT_PHONE_REGION,
    )
