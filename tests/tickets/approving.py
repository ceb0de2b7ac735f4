"""Approval plans and what people do with them, for tests."""

from datetime import timedelta
from typing import Any

from crmcore import clock
from crmcore.actions.approval_plans import publish
from crmcore.approval_plan import Plan, PlanStep
from crmcore.models import ApprovalPlan, ApprovalRequest, ApprovalSeat, User


def step(*people: User, **facts: Any) -> PlanStep:
    """A step that asks these people."""
    who = facts.pop("who", tuple(("user", str(person.pk)) for person in people))
    return PlanStep(**{"name": "Look", "who": who} | facts)


def plan_of(*steps: PlanStep, code: str = "goodwill", **facts: Any) -> ApprovalPlan:
    """A plan in use."""
    found = {"code": code, "name": code.title(), "name_zh": "商誉", "subject": "ticket"}
    entry = ApprovalPlan.objects.create(**found)
    publish(entry, Plan(steps=steps, **{"facts": ("subject", "type", "customer")} | facts), by=None)
    return entry


def seat_of(request: ApprovalRequest, user: User) -> int:
    """The seat from which the person answers, in the latest step."""
    return ApprovalSeat.objects.filter(step__request=request, user=user).latest("pk").pk


def waited_for(request: ApprovalRequest) -> set[str]:
    rows = ApprovalSeat.objects.filter(step__request=request, is_waiting=True)
    return set(rows.values_list("user__name", flat=True))


def state_of(request: ApprovalRequest) -> str:
    return ApprovalRequest.objects.get(pk=request.pk).state


def later(hours: float) -> Any:
    """So many hours after the present moment of the test."""
    return clock.at(clock.now() + timedelta(hours=hours))
