"""The part of a ticket's side about approvals: where each stands, and asking for another."""

from typing import Any

from django import template
from django.template import Context

from crmcore.models import ApprovalRequest
from crmcore.queries.approvals import requests_about, steps_of
from crmcore.views.requests import moment_of
from tickets.models import Ticket
from tickets.queries.approvals import plans_for

register = template.Library()

SHOWN = 5


@register.inclusion_tag("tickets/_approvals.html", takes_context=True)
def ticket_approvals(context: Context, ticket: Ticket, may_edit: bool) -> dict[str, Any]:
    """The latest requests line by line; plans to ask by for who may change the ticket while it is open."""
    user, at = context["request"].user, moment_of(context["request"])
    rows = list(requests_about(f"ticket:{ticket.pk}", user)[:SHOWN])
    live = {row.plan_id for row in rows if row.is_live or row.state == ApprovalRequest.State.APPROVED}
    may_ask = may_edit and ticket.is_active
    plans = [plan for plan in plans_for(ticket, at) if plan.pk not in live] if may_ask else []
    shown = [(row, steps_of(row, at) if row.is_live else []) for row in rows]
    return {"ticket": ticket, "shown": shown, "plans": plans, "csrf_token": context.get("csrf_token")}
