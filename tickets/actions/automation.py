"""Following the rules: those that answer to a change within its own transaction, timed ones every minute.

Rules are asked once per change, in their order, each seeing what those before it did. What rules do asks no rule
again, so they cannot chase one another.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from crmcore.clock import now
from tickets.actions.clocks import close_ledger, write_ledgers
from tickets.actions.entries import append_event, names
from tickets.actions.moves import WrongMove
from tickets.actions.steps import BadStep, Doing, Step, take
from tickets.models import Rule, RuleRun, Ticket
from tickets.queries.conditions import holds
from tickets.queries.happenings import happened_since

_COLUMNS = [field.attname for field in Ticket._meta.concrete_fields if field.name != "search"]


def follow_rules(ticket: Ticket, *, since: int, sla_state_before: str) -> bool:
    """Let the rules answer to what happened after the entry `since`; whether one of them did anything."""
    rules = list(Rule.objects.filter(is_active=True).exclude(on=[]))
    if not rules:
        return False
    happened = happened_since(ticket, since, sla_state_before)
    asked = [rule for rule in rules if happened & set(rule.on)]
    did_anything = False
    for rule in asked:
        at = now()
        if holds(rule.conditions, ticket, now=at):
            did_anything = run_rule(rule, ticket, at) or did_anything
    return did_anything


def run_rule(rule: Rule, ticket: Ticket, at: datetime) -> bool:
    """Do the rule's steps on a locked ticket, all or none; False when all was so already."""
    did_anything, problem = attempt(rule.steps, ticket, at)
    if problem:
        _log(rule, ticket, at, RuleRun.Outcome.FAILED, problem)
    elif did_anything:
        append_event(ticket, "rule", by=None, at=at, rule=names(rule))
        _log(rule, ticket, at, RuleRun.Outcome.DONE)
    return did_anything


def attempt(steps: Sequence[Step], ticket: Ticket, at: datetime) -> tuple[bool, str]:
    """Do steps on a locked ticket in the desk's own name, all or none: whether they did anything, and what failed."""
    before = {name: getattr(ticket, name) for name in _COLUMNS}
    # What was done to the clocks so far is safe from steps that fail; what they did to them is forgotten with them.
    write_ledgers([ticket])
    try:
        with transaction.atomic():
            return take(ticket, steps, Doing(by=None, at=at)), ""
    except (BadStep, WrongMove) as problem:
        close_ledger(ticket)
        for name, value in before.items():
            setattr(ticket, name, value)
        return False, str(problem)


def _log(rule: Rule, ticket: Ticket, at: datetime, outcome: str, problem: str = "") -> None:
    RuleRun.objects.create(rule=rule, ticket=ticket, at=at, steps=rule.steps, outcome=outcome, problem=problem)
