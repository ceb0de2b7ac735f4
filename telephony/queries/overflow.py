"""Callers whom a rule of their queue sends elsewhere; read in bulk, and only where there are rules."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Count

from crmcore.models import AgentPresence
from crmcore.models.presence import Chosen
from telephony.models import Call, OverflowRule, QueueEntry
from telephony.overflow_rules import Rule, Standing, rule_for
from telephony.providers.registry import provider_of
from telephony.queries.dialling import can_be_called_back
from telephony.states import CallState, OverflowTarget


def overflowing(now: datetime) -> list[tuple[int, int]]:
    """Calls that a rule sends away at this moment, each with its rule's id."""
    rules = _rules()
    return [(entry.call_id, rule.rule_id) for entry, rule in _hits(rules, now)] if rules else []


def _rules() -> dict[int, list[Rule]]:
    """By queue, of the queues in which somebody waits."""
    waiting = QueueEntry.objects.filter(left_at=None).order_by().values("queue_id")
    found: dict[int, list[Rule]] = defaultdict(list)
    for rule in OverflowRule.objects.filter(queue_id__in=waiting):
        found[rule.queue_id].append(Rule(rule.pk, rule.when, rule.limit, rule.target, rule.to_queue_id))
    return found


def _hits(rules: dict[int, list[Rule]], now: datetime) -> Iterator[tuple[QueueEntry, Rule]]:
    entries = QueueEntry.objects.filter(left_at=None, queue_id__in=rules).select_related("call")
    listed = list(entries.order_by("queue_id", "rank", "call_id"))
    call_ids = [entry.call_id for entry in listed]
    agents, seen, tried = _agents_logged_in(rules), _seen(call_ids), _tried(call_ids)
    places: dict[int, int] = defaultdict(int)
    for entry in listed:
        places[entry.queue_id] += 1
        # Whom we owe a call does not hang on the line.
        if entry.call.state != CallState.QUEUED or entry.call.direction == Call.Direction.OUT:
            continue
        standing = Standing(
            waited_s=(now - entry.entered_at).total_seconds(),
            place=places[entry.queue_id],
            agents_logged_in=agents.get(entry.queue_id, 0),
            seen=seen[entry.call_id],
            barred=_barred(entry.call, rules[entry.queue_id]) | tried[entry.call_id],
        )
        if rule := rule_for(rules[entry.queue_id], standing):
            yield entry, rule


def _agents_logged_in(queue_ids: Collection[int]) -> dict[int, int]:
    on_duty = AgentPresence.objects.exclude(chosen=Chosen.OFFLINE).filter(
        user__queue_memberships__queue_id__in=queue_ids, user__is_active=True
    )
    return dict(on_duty.order_by().values_list("user__queue_memberships__queue_id").annotate(Count("pk")))


def _barred(call: Call, rules: Collection[Rule]) -> set[str]:
    """Targets that cannot be: what the carrier cannot do, and calling back who has no number to be called on."""
    can, targets = provider_of(call.provider).capabilities, {rule.target for rule in rules}
    able = {
        OverflowTarget.FLOW: can.can_ask,
        OverflowTarget.NUMBER: can.can_reach_outside,
        OverflowTarget.CALLBACK: OverflowTarget.CALLBACK in targets and can_be_called_back(call),
    }
    return {str(target) for target, is_able in able.items() if not is_able}


def _tried(call_ids: Collection[int]) -> dict[int, set[str]]:
    """By call: where a rule has sent it once. What ends in the queue again, flow or number, is no way round."""
    found: dict[int, set[str]] = defaultdict(set)
    once = [OverflowTarget.FLOW, OverflowTarget.NUMBER]
    for call_id, target in QueueEntry.objects.filter(call_id__in=call_ids, flowed_to__in=once).values_list(
        "call_id", "flowed_to"
    ):
        found[call_id].add(target)
    return found


def _seen(call_ids: Collection[int]) -> dict[int, set[int]]:
    """By call: every queue it waits or waited in."""
    found: dict[int, set[int]] = defaultdict(set)
    for call_id, queue_id in QueueEntry.objects.filter(call_id__in=call_ids).values_list("call_id", "queue_id"):
        found[call_id].add(queue_id)
    return found
