"""Rules that wait for time to pass, looked at every minute."""

from django.db import transaction

from crmcore.clock import now
from tickets.actions.automation import run_rule
from tickets.actions.changing import changing
from tickets.models import Rule, Ticket
from tickets.queries.rules import due_for

# What is left over is done a minute later: no round may keep the worker from its other work.
AT_ONCE = 500


def follow_timed_rules() -> int:
    """Run every timed rule on the tickets for which it is due; how many were changed."""
    return sum(_follow(rule) for rule in Rule.objects.filter(is_active=True, on=[]))


def _follow(rule: Rule) -> int:
    ids = list(due_for(rule, now()).values_list("pk", flat=True)[:AT_ONCE])
    return sum(_one(rule, pk) for pk in ids)


@transaction.atomic
def _one(rule: Rule, ticket_id: int) -> bool:
    """Asked again under the lock: another worker may have been there, or the ticket may have moved on."""
    ticket = Ticket.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=ticket_id).first()
    if ticket is None or not due_for(rule, now()).filter(pk=ticket_id).exists():
        return False
    with changing(ticket) as locked:
        return run_rule(rule, locked, now())
