"""Approvals: asked for, answered, passed on, asked back, withdrawn. Each act is done once, whoever comes twice.

The thing is locked before its request, in every act: that order keeps two people from waiting for one another.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.actions.approval_news import What, tell_answered, tell_asked_back, tell_screens, write_down
from crmcore.actions.approval_steps import Answer, State, begin_step, judge, open_step, seat, set_alarm, settle
from crmcore.approval_subjects import fingerprint, subject_called
from crmcore.clock import now
from crmcore.models import ApprovalPlan, ApprovalRequest, ApprovalSeat, ApprovalStep, User
from crmcore.queries.approvers import approvers

LONGEST = 2000


class Refused(Exception):
    """What cannot be done with a request now, with a sentence that says why."""


@transaction.atomic
def ask(plan: ApprovalPlan, thing: Any, *, by: User | None, at: datetime, reason: str = "") -> ApprovalRequest:
    """Ask for an approval of a locked thing; one that is asked for already is returned as it stands.

    Raises Refused where the plan is not for this thing, or would lead to nobody.
    """
    subject = subject_called(plan.subject)
    about, title = subject.about(thing)
    present = ApprovalRequest.objects.filter(about=about, plan=plan, state__in=ApprovalRequest.LIVE).first()
    if present is not None:
        return present
    version = plan.in_use
    document = version.read()
    if not plan.is_active or not subject.holds(document.conditions, thing):
        raise Refused(_("“%(plan)s” is not meant for this.") % {"plan": plan.label})
    without = None if document.may_approve_own else by
    for step in document.steps:
        if not approvers(step, subject.team(thing), without=without):
            raise Refused(_("Nobody could approve the step “%(step)s”.") % {"step": step.label})
    facts = subject.facts(thing, document.facts)
    request = subject.create(
        thing,
        subject=subject.code,
        about=about,
        title=title,
        plan=plan,
        version=version,
        asked_by=by,
        reason=reason.strip()[:LONGEST],
        facts=[asdict(fact) for fact in facts],
        fingerprint=fingerprint(facts),
        asked_at=at,
    )
    request.copied_to.set(User.objects.filter(pk__in=document.copies, is_active=True))
    write_down(request, What.ASKED, by=by, at=at, text=request.reason)
    subject.note(thing, request, What.ASKED, by=by, at=at)
    begin_step(request, 1, thing, at)
    tell_screens(request)
    return request


def approve(seat_id: int, *, by: User, text: str = "") -> ApprovalRequest:
    """Say yes on one's own seat; the same answer twice is one. Raises Refused."""
    return _answer(seat_id, Answer.APPROVED, by=by, text=text)


def reject(seat_id: int, *, by: User, text: str) -> ApprovalRequest:
    """Say no and why; the same answer twice is one. Raises Refused."""
    if not text.strip():
        raise Refused(_("Say why."))
    return _answer(seat_id, Answer.REJECTED, by=by, text=text)


def delegate(seat_id: int, to: User, *, by: User, text: str = "") -> ApprovalRequest:
    """Let somebody else answer in one's place. Raises Refused."""
    with _acting(_request_of(seat_id, by)) as (request, _thing, at):
        if ApprovalSeat.objects.filter(pk=seat_id, answer=Answer.DELEGATED).exists():
            return request
        own, step = _open_seat(request, seat_id)
        _refuse_unfit(request, step, to)
        _answered(own, Answer.DELEGATED, at)
        write_down(request, What.DELEGATED, by=by, at=at, to=to, text=_cut(text), step=step.number)
        seat(step, [to], at)
        tell_screens(request)
    return request


def ask_back(seat_id: int, *, by: User, text: str) -> ApprovalRequest:
    """Ask whoever wants the approval something first; meanwhile no time runs. Raises Refused."""
    if not text.strip():
        raise Refused(_("Say what you want to know."))
    with _acting(_request_of(seat_id, by)) as (request, _thing, at):
        if request.state == State.ASKED_BACK:
            return request
        _own, step = _open_seat(request, seat_id)
        if request.asked_by is None:
            raise Refused(_("The desk asked by itself; nobody could answer."))
        request.state, request.asked_back_at = State.ASKED_BACK, at
        request.save(update_fields=["state", "asked_back_at"])
        ApprovalStep.objects.filter(pk=step.pk).update(next_event_at=None)
        event = write_down(request, What.ASKED_BACK, by=by, at=at, text=_cut(text), step=step.number)
        tell_asked_back(request, by, event)
        tell_screens(request)
    return request


def answer_back(request: ApprovalRequest, *, by: User, text: str) -> ApprovalRequest:
    """Answer what was asked back; the request waits again, with as much time as it had left. Raises Refused."""
    if not text.strip():
        raise Refused(_("Write an answer."))
    with _acting(request) as (request, _thing, at):
        _refuse_others(request, by)
        step = open_step(request)
        if request.state != State.ASKED_BACK or request.asked_back_at is None or step is None:
            raise Refused(_("Nothing is asked back (any more)."))
        if step.due_at:
            step.due_at += at - request.asked_back_at
            step.save(update_fields=["due_at"])
        request.state, request.asked_back_at = State.WAITING, None
        request.save(update_fields=["state", "asked_back_at"])
        wanted = request.version.read().step(step.number)
        assert wanted is not None
        set_alarm(step, wanted)
        event = write_down(request, What.ANSWERED, by=by, at=at, text=_cut(text), step=step.number)
        tell_answered(request, _waiting_in(step), event)
        tell_screens(request)
    return request


def withdraw(request: ApprovalRequest, *, by: User) -> ApprovalRequest:
    """Whoever asked no longer wants it; a second time nothing happens. Raises Refused once it is decided."""
    with _acting(request) as (request, thing, at):
        _refuse_others(request, by)
        if request.state == State.WITHDRAWN:
            return request
        _refuse_settled(request)
        write_down(request, What.WITHDRAWN, by=by, at=at)
        settle(request, State.WITHDRAWN, thing, by=by, at=at)
    return request


def outdate(thing: Any, requests: Collection[ApprovalRequest], *, by: User | None, at: datetime) -> None:
    """Requests and approvals about a locked thing whose facts are others now no longer count."""
    for row in requests:
        request = _lock(row)
        if request.state in (*ApprovalRequest.LIVE, State.APPROVED) and not _is_fresh(request, thing):
            write_down(request, What.OUTDATED, by=by, at=at)
            settle(request, State.OUTDATED, thing, by=by, at=at)


def drop(thing: Any, requests: Collection[ApprovalRequest], *, by: User | None, at: datetime) -> None:
    """What is still asked about a locked thing is asked no longer: the matter has ended."""
    for row in requests:
        request = _lock(row)
        if request.is_live:
            write_down(request, What.WITHDRAWN, by=by, at=at)
            settle(request, State.WITHDRAWN, thing, by=by, at=at)


def _answer(seat_id: int, answer: str, *, by: User, text: str) -> ApprovalRequest:
    with _acting(_request_of(seat_id, by)) as (request, thing, at):
        if ApprovalSeat.objects.filter(pk=seat_id, answer=answer).exists():
            return request
        own, step = _open_seat(request, seat_id)
        _answered(own, answer, at)
        what = What.APPROVED if answer == Answer.APPROVED else What.REJECTED
        write_down(request, what, by=by, at=at, text=_cut(text), step=step.number)
        judge(request, step, thing, by=by, at=at)
    return request


@contextmanager
def _acting(request: ApprovalRequest) -> Iterator[tuple[ApprovalRequest, Any, datetime]]:
    """The request, fresh and locked after its thing. Raises Refused when what is to be approved has changed."""
    with transaction.atomic(), subject_called(request.subject).locked(request) as thing:
        fresh, at = _lock(request), now()
        is_stale = fresh.is_live and not _is_fresh(fresh, thing)
        if is_stale:
            outdate(thing, [fresh], by=None, at=at)
        else:
            yield fresh, thing, at
    if is_stale:
        raise Refused(_("What was to be approved has changed. It must be asked for again."))


def _lock(request: ApprovalRequest) -> ApprovalRequest:
    ApprovalRequest.objects.select_for_update().values("pk").get(pk=request.pk)
    return ApprovalRequest.objects.select_related("plan", "version", "asked_by").get(pk=request.pk)


def _is_fresh(request: ApprovalRequest, thing: Any) -> bool:
    facts = subject_called(request.subject).facts(thing, request.version.read().facts)
    return fingerprint(facts) == request.fingerprint


def _request_of(seat_id: int, by: User) -> ApprovalRequest:
    """The request in which the person was asked on this seat. Raises Refused for a seat that is not theirs."""
    own = ApprovalSeat.objects.filter(pk=seat_id, user=by).select_related("step__request").first()
    if own is None or not by.is_active:
        raise Refused(_("You are not asked here."))
    return own.step.request


def _open_seat(request: ApprovalRequest, seat_id: int) -> tuple[ApprovalSeat, ApprovalStep]:
    """The seat while an answer from it counts. Raises Refused."""
    _refuse_settled(request)
    own = ApprovalSeat.objects.select_related("step").get(pk=seat_id)
    if not own.is_waiting:
        raise Refused(_("This step is over: an answer came before yours."))
    if request.state == State.ASKED_BACK:
        raise Refused(_("An answer to what was asked back comes first."))
    return own, own.step


def _answered(own: ApprovalSeat, answer: str, at: datetime) -> None:
    own.answer, own.answered_at, own.is_waiting = answer, at, False
    own.save(update_fields=["answer", "answered_at", "is_waiting"])


def _refuse_unfit(request: ApprovalRequest, step: ApprovalStep, to: User) -> None:
    if to.is_portal or not to.is_active:
        raise Refused(_("Only colleagues can be asked."))
    if to == request.asked_by and not request.version.read().may_approve_own:
        raise Refused(_("Nobody approves what they asked for themselves."))
    if step.seats.filter(user=to).exists():
        raise Refused(_("%(name)s was asked in this step already.") % {"name": to.name})


def _refuse_settled(request: ApprovalRequest) -> None:
    if not request.is_live:
        raise Refused(_("This request is settled: %(state)s.") % {"state": request.get_state_display()})


def _refuse_others(request: ApprovalRequest, by: User) -> None:
    if request.asked_by_id != by.pk:
        raise Refused(_("Only who asked for it can do this."))


def _waiting_in(step: ApprovalStep) -> list[User]:
    return list(User.objects.filter(approval_seats__step=step, approval_seats__is_waiting=True))


def _cut(text: str) -> str:
    return text.strip()[:LONGEST]
