"""For which tickets rules are due, and what a rule would have done."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from tickets.models import Interaction, Rule, RuleRun, Ticket
from tickets.queries.conditions import matching
from tickets.queries.happenings import entries_of

LOOKED_BACK = timedelta(days=30)
_BY_A_RULE = Q(channel=Interaction.Channel.SYSTEM) | Q(channel=Interaction.Channel.NOTE, by=None)


def due_for(rule: Rule, at: datetime) -> QuerySet[Ticket]:
    """The tickets on which a timed rule is to run: those that meet it and heard of nobody since it ran last."""
    runs = RuleRun.objects.filter(rule=rule, ticket=OuterRef("pk")).order_by("-at")
    rows = Ticket.objects.filter(matching(rule.conditions, now=at)).annotate(ran=Subquery(runs.values("at")[:1]))
    news = Interaction.objects.filter(ticket=OuterRef("pk"), recorded_at__gt=OuterRef("ran")).exclude(_BY_A_RULE)
    return rows.filter(Q(ran=None) | Exists(news)).order_by("pk")


def would_run_on(rule: Rule, at: datetime) -> QuerySet[Ticket]:
    """Tickets that meet the rule as they stand now; for one that answers to changes, those that changed lately so."""
    rows = Ticket.objects.filter(matching(rule.conditions, now=at))
    if rule.is_timed:
        return rows.order_by("-last_event_at", "-pk")
    entries = Interaction.objects.filter(entries_of(rule.on), ticket=OuterRef("pk"), occurred_at__gte=at - LOOKED_BACK)
    return rows.filter(Exists(entries), last_event_at__gte=at - LOOKED_BACK).order_by("-last_event_at", "-pk")
