"""Approval plans: written as a whole, each change a new version."""

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.actions.catalogue import save_entry
from crmcore.approval_plan import MOST_STEPS, Plan
from crmcore.clock import now
from crmcore.models import ApprovalPlan, ApprovalPlanVersion, User
from crmcore.permissions import require


class BadPlan(ValueError):
    """A plan that could not be followed, with a sentence that says why."""


@transaction.atomic
def save_plan(entry: ApprovalPlan, plan: Plan, *, by: User) -> ApprovalPlanVersion:
    """Store name and steps; where the plan says what it said before, no version is added. Raises BadPlan."""
    require(by, "settings", "edit")
    if entry.pk:
        ApprovalPlan.objects.select_for_update().get(pk=entry.pk)
    save_entry(entry, by=by)
    return publish(entry, plan, by=by)


@transaction.atomic
def publish(entry: ApprovalPlan, plan: Plan, *, by: User | None) -> ApprovalPlanVersion:
    """Let new requests follow this plan; those on their way stay on theirs. Raises BadPlan."""
    refuse_faulty(plan)
    latest = entry.versions.first()
    if latest is not None and latest.read() == plan:
        return latest
    number = latest.number + 1 if latest else 1
    version = ApprovalPlanVersion.objects.create(
        plan=entry, number=number, document=plan.document(), published_at=now(), published_by=by
    )
    audit.record("approvalplan.published", entry, by=by, detail={"number": number})
    return version


def refuse_faulty(plan: Plan) -> None:
    """Raises BadPlan for a plan that leads nowhere."""
    if not 0 < len(plan.steps) <= MOST_STEPS:
        raise BadPlan(_("A plan has one to %(most)d steps.") % {"most": MOST_STEPS})
    for step in plan.steps:
        if not step.name:
            raise BadPlan(_("Each step needs a name."))
        if not step.who:
            raise BadPlan(_("“%(step)s” asks nobody.") % {"step": step.label})
        if step.remind and step.remind >= step.hours:
            raise BadPlan(_("“%(step)s” would remind people before they are asked.") % {"step": step.label})
