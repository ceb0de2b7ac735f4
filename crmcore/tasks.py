"""Background work of the ground floor."""

from datetime import timedelta

from django.db import transaction

from crmcore import clock, live
from crmcore.actions import letters
from crmcore.actions.approval_deadlines import process_due_approvals
from crmcore.actions.contract_steps import turn_contracts
from crmcore.actions.lead_notices import tell_overdue
from crmcore.actions.merging import gather_late_rows
from crmcore.actions.quote_steps import expire_quotes
from crmcore.later import task
from crmcore.models import LiveEvent

UNSENT_AFTER = timedelta(seconds=2)
AT_ONCE = 500


@task("crmcore.letters")
def send_letters() -> None:
    """Send the letters that are due."""
    letters.send_due_letters()


@task("crmcore.relay_live_events")
def relay_live_events() -> None:
    """Push the events whose process died between the commit and the push, or that Redis could not take."""
    with transaction.atomic():
        late = LiveEvent.objects.filter(created_at__lt=clock.now() - UNSENT_AFTER).order_by("pk")
        rows = list(late.select_for_update(skip_locked=True)[:AT_ONCE])
        if rows:
            live.push(rows)


@task("crmcore.approvals_tick")
def approvals_tick() -> None:
    """Every few seconds: remind and escalate what waits too long for its approval."""
    process_due_approvals()


@task("crmcore.sales_tick")
def sales_tick() -> None:
    """Every ten minutes: end the quotes whose last day is over, turn the contracts that begin, end or end soon."""
    expire_quotes(clock.now())
    turn_contracts(clock.now())


@task("crmcore.leads_tick")
def leads_tick() -> None:
    """Every minute: tell the owners of leads which contacts are overdue."""
    tell_overdue()


@task("crmcore.gather_merged")
def gather_merged() -> None:
    """Every minute: what reached a merged customer while the merge was going on follows to the survivor."""
    gather_late_rows()
