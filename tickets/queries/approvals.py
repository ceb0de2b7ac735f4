"""Approvals of a ticket: what can be approved of it, which plans are meant for it, and what is not approved yet."""

import json
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crmcore.approval_subjects import Fact
from crmcore.clock import now
from crmcore.models import ApprovalPlan, ApprovalRequest
from tickets.models import Priority, Ticket, TicketApproval, TicketField
from tickets.queries.condition_fields import OWN
from tickets.queries.conditions import holds
from tickets.queries.fields import Names, names_of, text_of

SUBJECT = "ticket"
# What it is called, what it says, and the value by which a change is seen.
_FIXED: dict[str, tuple[Promise, Callable[[Ticket], str], Callable[[Ticket], object]]] = {
    "subject": (_("Subject"), lambda ticket: ticket.subject, lambda ticket: ticket.subject),
    "type": (_("Type"), lambda ticket: ticket.type.label, lambda ticket: ticket.type_id),
    "customer": (
        _("Customer"),
        lambda ticket: ticket.requester,
        lambda ticket: (ticket.account_id, ticket.contact_id),
    ),
    "priority": (_("Priority"), lambda ticket: str(Priority(ticket.priority).label), lambda ticket: ticket.priority),
    "queue": (_("Queue"), lambda ticket: ticket.queue.label, lambda ticket: ticket.queue_id),
}


def fact_choices() -> list[tuple[str, str]]:
    """What a plan may name as that which is approved: fixed facts, then the desk's own fields."""
    own = [(f"{OWN}{field.code}", field.label) for field in TicketField.objects.filter(is_active=True)]
    return [*((code, str(label)) for code, (label, _text, _value) in _FIXED.items()), *own]


def facts_of(ticket: Ticket, codes: Collection[str]) -> list[Fact]:
    """What stands on the ticket now, in both languages."""
    wanted = [code.removeprefix(OWN) for code in codes if code.startswith(OWN)]
    fields = {f"{OWN}{field.code}": field for field in TicketField.objects.filter(code__in=wanted)}
    names = names_of(fields.values(), [ticket.fields])
    found = []
    for code in codes:
        if code in fields:
            found.append(_own(fields[code], ticket, names))
        elif code in _FIXED:
            label, text, value = _FIXED[code]
            labels, texts = _in_both(partial(str, label)), _in_both(partial(text, ticket))
            found.append(Fact(code, *labels, *texts, str(value(ticket))))
    return found


def _own(field: TicketField, ticket: Ticket, names: Names) -> Fact:
    value = ticket.fields.get(field.code)
    texts = _in_both(partial(text_of, field, value, names))
    return Fact(f"{OWN}{field.code}", field.name, field.name_zh or field.name, *texts, json.dumps(value))


def approval_plans() -> "QuerySet[ApprovalPlan]":
    """The plans in use for tickets, in their order."""
    return ApprovalPlan.objects.filter(subject=SUBJECT, is_active=True)


def plans_for(ticket: Ticket, at: datetime) -> list[ApprovalPlan]:
    """The plans in use whose conditions the ticket meets, in their order."""
    plans = approval_plans().prefetch_related("versions")
    return [plan for plan in plans if holds(plan.versions.all()[0].read().conditions, ticket, now=at)]


def unapproved(ticket: Ticket, codes: Iterable[str]) -> list[ApprovalPlan]:
    """Of the plans with these codes, those that are meant for the ticket and by which it is not approved as it is."""
    wanted = set(codes) - {""}
    if not wanted:
        return []
    approved = TicketApproval.objects.filter(ticket=ticket, state=ApprovalRequest.State.APPROVED)
    done = set(approved.filter(plan__code__in=wanted).values_list("plan__code", flat=True))
    return [plan for plan in plans_for(ticket, now()) if plan.code in wanted - done]


def _in_both(say: Callable[[], str]) -> tuple[str, str]:
    """The same words in English and in Chinese."""
    with override("en"):
        english = say()
    with override("zh-hans"):
        return english, say()
