"""The approval plans that a desk begins with."""

from typing import Any

from crmcore.amount_conditions import Limits
from crmcore.approval_plan import Plan, PlanStep, Whom
from crmcore.clock import now

LEADER = PlanStep("Sales leader", "销售主管", ((Whom.LEADER.value, ""),), hours=8, remind=2)
# code, subject, name, Chinese name, plan
PLANS = (
    (
        "large-quotes",
        "quote",
        "Large quotes and discounts",
        "大额或高折扣报价",
        Plan((LEADER,), Limits(amount=100_000, discount=10).document(), ("customer", "total", "discount", "lines")),
    ),
    (
        "large-contracts",
        "contract",
        "Large contracts",
        "大额合同",
        Plan((LEADER,), Limits(amount=100_000).document(), ("customer", "amount", "starts_on", "ends_on", "files")),
    ),
)


def install_plans(plan_model: Any, version_model: Any) -> None:
    """Write the plans that are missing; what an administrator made of the others stays. Takes historical models too."""
    for place, (code, subject, name, name_zh, plan) in enumerate(PLANS):
        facts = {"subject": subject, "name": name, "name_zh": name_zh, "position": 90 + place}
        entry, created = plan_model.objects.get_or_create(code=code, defaults=facts)
        if created:
            version_model.objects.create(plan=entry, number=1, document=plan.document(), published_at=now())
