"""Approval plans: the settings page of who is asked for which approval, in which order."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crmcore.actions.approval_plans import save_plan
from crmcore.models import User
from servicedesk.setup.approval_forms import ContractPlanForm, PlanForm, QuotePlanForm, form_of
from servicedesk.setup.catalogue import Catalogue


class ApprovalPlans(Catalogue):
    """The plans in their order with their steps."""

    form_template = "servicedesk/setup/approval_plan.html"

    def form_for(self, data: Any, entry: Any, user: User) -> Any:
        """A plan that stands has the form of what it is about."""
        form = form_of(entry) if entry.pk else self.form
        return form(data, instance=entry)

    def save(self, form: PlanForm, by: User) -> None:
        """What is saved is a new version; requests on their way stay on theirs."""
        save_plan(form.instance, form.plan(), by=by)

    def context(self) -> dict[str, Any]:
        return {name: [(row, row.in_use) for row in rows] for name, rows in super().context().items()}


APPROVAL_PLANS = ApprovalPlans(
    "approval_plans", "setup:approval_plans", "approvals", PlanForm, new=_("New approval plan"), back=_("Approvals")
)
QUOTE_PLANS = ApprovalPlans(
    "quote_plans",
    "setup:approval_plans",
    "quote-approvals",
    QuotePlanForm,
    new=_("New approval plan for quotes"),
    back=_("Approvals"),
)
CONTRACT_PLANS = ApprovalPlans(
    "contract_plans",
    "setup:approval_plans",
    "contract-approvals",
    ContractPlanForm,
    new=_("New approval plan for contracts"),
    back=_("Approvals"),
)
