"""The steps of a locked approval request: begun with those whom they ask, ended, and the request settled."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from crmcore.actions.approval_news import ask_people, tell_outcome, tell_screens
from crmcore.approval_plan import PlanStep
from crmcore.approval_subjects import subject_called
from crmcore.models import ApprovalRequest, ApprovalSeat, ApprovalStep, User
from crmcore.queries.approvers import approvers, keepers

Answer = ApprovalSeat.Answer
State = ApprovalRequest.State


def begin_step(request: ApprovalRequest, number: int, thing: Any, at: datetime) -> None:
    """Ask the people of a step; where the plan leads to nobody by now, those who keep the settings."""
    plan = request.version.read()
    wanted = plan.step(number)
    assert wanted is not None
    without = None if plan.may_approve_own else request.asked_by
    team = subject_called(request.subject).team(thing)
    due_at = at + timedelta(hours=wanted.hours) if wanted.hours else None
    step = ApprovalStep.objects.create(request=request, number=number, begun_at=at, due_at=due_at)
    people = approvers(wanted, team, without=without)
    seat(step, people or [one for one in keepers() if one != without], at)
    set_alarm(step, wanted)


def seat(step: ApprovalStep, people: Iterable[User], at: datetime) -> list[User]:
    """Ask these people in an open step; those who were asked in it before are not asked again."""
    seated = set(step.seats.values_list("user", flat=True))
    fresh = [person for person in people if person.pk not in seated]
    ApprovalSeat.objects.bulk_create(ApprovalSeat(step=step, user=person, asked_at=at) for person in fresh)
    ask_people(step.request, fresh, key=f"approval-step:{step.pk}")
    return fresh


def set_alarm(step: ApprovalStep, wanted: PlanStep) -> None:
    """When the step is looked at next: before it is due to remind, when it is due to ask the next person."""
    moment = step.due_at
    if moment and wanted.remind and step.reminded_at is None:
        moment -= timedelta(hours=wanted.remind)
    ApprovalStep.objects.filter(pk=step.pk, closed_at=None).update(next_event_at=moment)


def open_step(request: ApprovalRequest) -> ApprovalStep | None:
    return request.steps.filter(closed_at=None).first()


def close_step(step: ApprovalStep, at: datetime) -> None:
    """Nobody is waited for in this step any more."""
    step.seats.filter(is_waiting=True).update(is_waiting=False)
    ApprovalStep.objects.filter(pk=step.pk).update(closed_at=at, next_event_at=None)


def settle(request: ApprovalRequest, state: str, thing: Any, *, by: User | None, at: datetime) -> None:
    """The request comes to its end: its thing's story, the bells and the screens say so."""
    step = open_step(request)
    waiting = list(User.objects.filter(approval_seats__step=step, approval_seats__is_waiting=True)) if step else []
    if step is not None:
        close_step(step, at)
    request.state, request.settled_at, request.asked_back_at = state, at, None
    request.save(update_fields=["state", "settled_at", "asked_back_at"])
    subject_called(request.subject).note(thing, request, state, by=by, at=at)
    dropped = state in (State.WITHDRAWN, State.OUTDATED)
    tell_outcome(request, by, also=waiting if dropped else ())
    tell_screens(request)


def judge(request: ApprovalRequest, step: ApprovalStep, thing: Any, *, by: User, at: datetime) -> None:
    """After an answer: on to the next step, to the end, or further waiting."""
    plan = request.version.read()
    wanted = plan.step(step.number)
    assert wanted is not None
    answers = list(step.seats.exclude(answer__in=[Answer.DELEGATED, Answer.LAPSED]).values_list("answer", flat=True))
    agreed, open_ = answers.count(Answer.APPROVED), answers.count(Answer.NONE)
    needed = wanted.needed(len(answers))
    if Answer.REJECTED in answers and (needed in (1, len(answers)) or agreed + open_ < needed):
        settle(request, State.REJECTED, thing, by=by, at=at)
    elif agreed < needed:
        tell_screens(request)
    elif plan.step(step.number + 1) is None:
        settle(request, State.APPROVED, thing, by=by, at=at)
    else:
        close_step(step, at)
        begin_step(request, step.number + 1, thing, at)
        tell_screens(request)
