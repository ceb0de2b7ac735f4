"""Approvals that wait too long: those who stay silent are reminded, then somebody else is asked in their place."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from crmcore.actions.approval_news import What, remind_people, tell_screens, write_down
from crmcore.actions.approval_steps import Answer, seat, set_alarm
from crmcore.approval_plan import PlanStep
from crmcore.clock import now
from crmcore.models import ApprovalRequest, ApprovalStep, User
from crmcore.queries.approvers import next_above

log = structlog.get_logger(__name__)

AT_ONCE = 100


def process_due_approvals() -> int:
    """Remind and escalate what is due by now, each request in a transaction of its own; how many steps were due."""
    due = ApprovalStep.objects.filter(next_event_at__lte=now()).order_by("next_event_at")
    keys = list(due.values_list("request", "pk")[:AT_ONCE])
    for request_id, step_id in keys:
        try:
            _process(request_id, step_id)
        except Exception:
            # One that cannot be handled keeps no other waiting.
            log.exception("crm.approval_not_processed", request=request_id, step=step_id)
    return len(keys)


@transaction.atomic
def _process(request_id: int, step_id: int) -> None:
    """One step, if it is still due and nobody acts on its request at this moment: then the next round finds it."""
    rows = ApprovalRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id)
    if not rows.values("pk").first():
        return
    at = now()
    step = ApprovalStep.objects.filter(pk=step_id, next_event_at__lte=at, closed_at=None).first()
    if step is None:
        return
    request = ApprovalRequest.objects.select_related("plan", "version", "asked_by").get(pk=request_id)
    wanted = request.version.read().step(step.number)
    assert wanted is not None
    step.request = request
    silent = list(User.objects.filter(approval_seats__step=step, approval_seats__is_waiting=True).order_by("name"))
    if step.due_at is None or at < step.due_at:
        _remind(step, wanted, silent, at)
    else:
        _escalate(step, wanted, silent, at)
    tell_screens(request)


def _remind(step: ApprovalStep, wanted: PlanStep, silent: list[User], at: datetime) -> None:
    step.reminded_at = at
    step.save(update_fields=["reminded_at"])
    for person in silent:
        write_down(step.request, What.REMINDED, by=None, at=at, to=person, step=step.number)
    remind_people(step.request, silent, key=f"approval-reminder:{step.pk}:{step.due_at:%F %T}")
    set_alarm(step, wanted)


def _escalate(step: ApprovalStep, wanted: PlanStep, silent: list[User], at: datetime) -> None:
    """Others are asked in place of the silent, with the step's time anew; where nobody is left, they stay asked."""
    request = step.request
    without = None if request.version.read().may_approve_own else request.asked_by
    seated = set(step.seats.values_list("user", flat=True))
    fresh = [one for one in next_above(wanted, silent, without=without) if one.pk not in seated]
    if not fresh:
        ApprovalStep.objects.filter(pk=step.pk).update(next_event_at=None)
        return
    step.seats.filter(is_waiting=True).update(is_waiting=False, answer=Answer.LAPSED, answered_at=at)
    for person in fresh:
        write_down(request, What.ESCALATED, by=None, at=at, to=person, step=step.number)
    step.due_at, step.reminded_at = at + timedelta(hours=wanted.hours), None
    step.save(update_fields=["due_at", "reminded_at"])
    seat(step, fresh, at)
    set_alarm(step, wanted)
