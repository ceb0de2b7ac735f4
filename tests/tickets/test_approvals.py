"""Approvals of tickets: who decides, in which order, once; and nothing counts that was approved of something else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crmcore import clock
from crmcore.actions import approval_deadlines, approvals, people
from crmcore.actions.approval_deadlines import process_due_approvals
from crmcore.actions.approval_plans import BadPlan, publish
from crmcore.actions.approvals import Refused
from crmcore.approval_plan import Plan
from crmcore.models import (
    ApprovalEvent,
    ApprovalRequest,
    ApprovalSeat,
    ApprovalStep,
    AuditEntry,
    Notice,
    Team,
    User,
)
from tests.at_once import at_once
from tests.cast import Cast
from tests.tickets.approving import plan_of, seat_of, state_of, step, waited_for
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.asking import ask_for_approval
from tickets.actions.fields import set_fields
from tickets.actions.lifecycle import assign_ticket, edit_ticket, resolve_ticket, set_priority, set_status
from tickets.actions.merging import merge_tickets
from tickets.actions.moves import WrongMove
from tickets.models import Ticket, TicketStatus
from tickets.queries.wording import status_called, type_called

NOW = at("2026-01-05T10:00")


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def ticket(open_at: OpenTicket, cast: Cast) -> Ticket:
    return assign_ticket(open_at("2026-01-05T09:00"), to=cast.mei, by=cast.mei)


def asked(ticket: Ticket, cast: Cast, *steps: object, **facts: object) -> ApprovalRequest:
    return ask_for_approval(ticket, plan_of(*steps, **facts), by=cast.mei, reason="They waited a week.")


def said(ticket: Ticket) -> list[str]:
    return [row.detail["what"] for row in ticket.interactions.filter(event="approval").order_by("seq")]


def test_steps_are_asked_in_order_and_the_last_yes_approves(ticket: Ticket, cast: Cast) -> None:
    request = asked(ticket, cast, step(cast.sun), step(cast.ada))
    assert waited_for(request) == {"Sun"}
    approvals.approve(seat_of(request, cast.sun), by=cast.sun)
    assert (state_of(request), waited_for(request)) == ("waiting", {"Ada"})
    approvals.approve(seat_of(request, cast.ada), by=cast.ada, text="Fine.")
    assert (state_of(request), waited_for(request)) == ("approved", set())
    assert said(ticket) == ["asked", "approved"]


@pytest.mark.parametrize(("needs", "number", "wanted"), [("one", 1, 1), ("number", 2, 2), ("all", 1, 3)])
def test_one_a_number_or_all_must_agree(ticket: Ticket, cast: Cast, needs: str, number: int, wanted: int) -> None:
    everybody = (cast.sun, cast.ada, cast.omar)
    request = asked(ticket, cast, step(*everybody, needs=needs, number=number))
    for count, person in enumerate(everybody[:wanted], start=1):
        assert state_of(request) == "waiting"
        approvals.approve(seat_of(request, person), by=person)
        assert (state_of(request) == "approved") is (count == wanted)


def test_one_no_ends_it_unless_enough_others_can_still_agree(ticket: Ticket, cast: Cast) -> None:
    everybody = (cast.sun, cast.ada, cast.omar)
    for needs in ("one", "all"):
        request = asked(ticket, cast, step(*everybody, needs=needs), code=needs)
        approvals.reject(seat_of(request, cast.sun), by=cast.sun, text="Too much.")
        assert state_of(request) == "rejected"
    request = asked(ticket, cast, step(*everybody, needs="number", number=2), code="two")
    approvals.reject(seat_of(request, cast.sun), by=cast.sun, text="Too much.")
    assert state_of(request) == "waiting"
    approvals.reject(seat_of(request, cast.ada), by=cast.ada, text="Too much.")
    assert state_of(request) == "rejected"


def test_a_no_needs_a_reason(ticket: Ticket, cast: Cast) -> None:
    request = asked(ticket, cast, step(cast.sun))
    with pytest.raises(Refused, match="Say why"):
        approvals.reject(seat_of(request, cast.sun), by=cast.sun, text="  ")
    assert state_of(request) == "waiting"


def test_asking_twice_is_asking_once(ticket: Ticket, cast: Cast) -> None:
    plan = plan_of(step(cast.sun))
    first, second = (ask_for_approval(ticket, plan, by=cast.mei) for _time in range(2))
    assert first.pk == second.pk
    assert said(ticket) == ["asked"]


def test_nobody_approves_what_they_asked_for_unless_the_plan_lets_them(ticket: Ticket, cast: Cast) -> None:
    with pytest.raises(WrongMove, match="Nobody could approve"):
        asked(ticket, cast, step(cast.mei))
    request = asked(ticket, cast, step(cast.mei, cast.sun, needs="all"), code="both")
    assert waited_for(request) == {"Sun"}
    with pytest.raises(Refused, match="asked for themselves"):
        approvals.delegate(seat_of(request, cast.sun), cast.mei, by=cast.sun)
    own = asked(ticket, cast, step(cast.mei), code="own", may_approve_own=True)
    assert approvals.approve(seat_of(own, cast.mei), by=cast.mei).state == "approved"


def test_the_same_answer_twice_is_one_and_another_is_refused(ticket: Ticket, cast: Cast) -> None:
    request = asked(ticket, cast, step(cast.sun, cast.ada, needs="all"), step(cast.sun))
    seat = seat_of(request, cast.sun)
    approvals.approve(seat, by=cast.sun)
    approvals.approve(seat, by=cast.sun)
    assert ApprovalEvent.objects.filter(request=request, what="approved").count() == 1
    with pytest.raises(Refused, match="over"):
        approvals.reject(seat, by=cast.sun, text="No, wait.")
    approvals.approve(seat_of(request, cast.ada), by=cast.ada)
    approvals.approve(seat, by=cast.sun)
    assert (state_of(request), waited_for(request)) == ("waiting", {"Sun"})


def test_only_who_is_asked_answers_and_only_on_their_own_seat(ticket: Ticket, cast: Cast) -> None:
    request = asked(ticket, cast, step(cast.sun))
    for person in (cast.mei, cast.omar, cast.ada, cast.zhao):
        with pytest.raises(Refused, match="not asked"):
            approvals.approve(seat_of(request, cast.sun), by=person)
    User.objects.filter(pk=cast.sun.pk).update(is_active=False)
    with pytest.raises(Refused):
        approvals.approve(seat_of(request, cast.sun), by=User.objects.get(pk=cast.sun.pk))
    assert state_of(request) == "waiting"


def test_passed_on_it_is_answered_by_the_other_alone(ticket: Ticket, cast: Cast) -> None:
    request = asked(ticket, cast, step(cast.sun))
    seat = seat_of(request, cast.sun)
    for _time in range(2):
        approvals.delegate(seat, cast.omar, by=cast.sun, text="On holiday.")
    assert waited_for(request) == {"Omar"}
    with pytest.raises(Refused):
        approvals.approve(seat, by=cast.sun)
    with pytest.raises(Refused, match="already"):
        approvals.delegate(seat_of(request, cast.omar), cast.sun, by=cast.omar)
    with pytest.raises(Refused, match="colleagues"):
        approvals.delegate(seat_of(request, cast.omar), cast.zhao, by=cast.omar)
    assert approvals.approve(seat_of(request, cast.omar), by=cast.omar).state == "approved"


def test_asked_back_it_waits_for_the_answer_without_losing_time(ticket: Ticket, cast: Cast) -> None:
    request = asked(ticket, cast, step(cast.sun, cast.ada, needs="all", hours=4))
    seat = seat_of(request, cast.sun)
    approvals.ask_back(seat, by=cast.sun, text="How much?")
    with pytest.raises(Refused, match="answer"):
        approvals.approve(seat_of(request, cast.ada), by=cast.ada)
    with clock.at(NOW + timedelta(hours=30)):
        assert process_due_approvals() == 0
        with pytest.raises(Refused):
            approvals.answer_back(request, by=cast.omar, text="Ten.")
        approvals.answer_back(request, by=cast.mei, text="Ten.")
    assert ApprovalStep.objects.get(request=request).due_at == NOW + timedelta(hours=34)
    with pytest.raises(Refused, match="Nothing is asked"):
        approvals.answer_back(request, by=cast.mei, text="Ten.")
    assert waited_for(request) == {"Ada", "Sun"}


def test_only_who_asked_withdraws_and_only_before_it_is_decided(ticket: Ticket, cast: Cast) -> None:
    request = asked(ticket, cast, step(cast.sun))
    with pytest.raises(Refused):
        approvals.withdraw(request, by=cast.sun)
    for _time in range(2):
        assert approvals.withdraw(request, by=cast.mei).state == "withdrawn"
    assert said(ticket) == ["asked", "withdrawn"]
    with pytest.raises(Refused, match="settled"):
        approvals.approve(seat_of(request, cast.sun), by=cast.sun)
    decided = asked(ticket, cast, step(cast.sun), code="again")
    approvals.approve(seat_of(decided, cast.sun), by=cast.sun)
    with pytest.raises(Refused, match="settled"):
        approvals.withdraw(decided, by=cast.mei)


def test_a_change_of_what_is_approved_outdates_request_and_approval(ticket: Ticket, cast: Cast) -> None:
    waiting = asked(ticket, cast, step(cast.sun), code="waiting")
    given = asked(ticket, cast, step(cast.sun), code="given")
    approvals.approve(seat_of(given, cast.sun), by=cast.sun)
    set_priority(ticket, "urgent", by=cast.mei)
    assert [state_of(waiting), state_of(given)] == ["waiting", "approved"]
    edit_ticket(ticket, by=cast.mei, subject="Machine burnt down")
    assert [state_of(waiting), state_of(given)] == ["outdated", "outdated"]
    with pytest.raises(Refused):
        approvals.approve(seat_of(waiting, cast.sun), by=cast.sun)
    assert said(ticket)[-2:] == ["outdated", "outdated"]


def test_a_change_that_nobody_announced_is_found_when_somebody_answers(ticket: Ticket, cast: Cast) -> None:
    request = asked(ticket, cast, step(cast.sun))
    Ticket.objects.filter(pk=ticket.pk).update(subject="Something else")
    with pytest.raises(Refused, match="has changed"):
        approvals.approve(seat_of(request, cast.sun), by=cast.sun)
    assert state_of(request) == "outdated"


def test_own_fields_are_approved_by_value_in_every_language(ticket: Ticket, cast: Cast, open_at: OpenTicket) -> None:
    complaint = open_at("2026-01-05T09:00", type=type_called("property_complaint"))
    complaint = set_fields(complaint, {"weight": 3, "result": "Sealed"}, by=cast.mei)
    request = asked(complaint, cast, step(cast.sun), facts=("field:weight",))
    assert request.facts[0]["text"] == "3"
    set_fields(complaint, {"result": "Painted"}, by=cast.mei)
    assert state_of(request) == "waiting"
    set_fields(complaint, {"weight": 9}, by=cast.mei)
    assert state_of(request) == "outdated"


def test_running_requests_stay_on_their_version(ticket: Ticket, cast: Cast) -> None:
    plan = plan_of(step(cast.sun), step(cast.ada))
    request = ask_for_approval(ticket, plan, by=cast.mei)
    publish(plan, Plan(steps=(step(cast.omar),)), by=cast.ada)
    approvals.approve(seat_of(request, cast.sun), by=cast.sun)
    assert waited_for(request) == {"Ada"}
    assert plan.in_use.number == 2
    publish(plan, Plan(steps=(step(cast.omar),)), by=cast.ada)
    assert plan.versions.count() == 2


def test_plans_that_could_not_be_followed_are_refused(cast: Cast) -> None:
    for steps in ((), (step(),), (step(cast.sun, name=""),), (step(cast.sun, hours=2, remind=2),)):
        with pytest.raises(BadPlan), transaction.atomic():
            plan_of(*steps)


def test_a_plan_is_only_for_what_meets_its_conditions(ticket: Ticket, cast: Cast) -> None:
    plan = plan_of(step(cast.sun), conditions={"all": [["priority", "is", ["urgent"]]]})
    with pytest.raises(WrongMove, match="not meant"):
        ask_for_approval(ticket, plan, by=cast.mei)
    set_priority(ticket, "urgent", by=cast.mei)
    assert ask_for_approval(ticket, plan, by=cast.mei).state == "waiting"


def test_roles_teams_leaders_and_tiers_are_read_when_the_step_begins(ticket: Ticket, cast: Cast) -> None:
    company = people.create_team("company", "Company")
    Team.objects.filter(pk=company.pk).update(tier="company", leader=cast.omar)
    Team.objects.filter(pk=cast.support.pk).update(parent=company, path=f"{company.path}{cast.support.pk}/")
    admins = cast.ada.roles.get()
    for whom, expected in (
        (("leader", ""), {"Sun"}),
        (("tier", "company"), {"Omar"}),
        (("role", str(admins.pk)), {"Ada"}),
        (("team", str(cast.billing.pk)), {"Omar"}),
        (("team", str(cast.support.pk)), {"Sun", "Ada"}),
    ):
        request = asked(ticket, cast, step(who=(whom,)), code=f"{whom[0]}-{whom[1]}")
        assert waited_for(request) == expected


def test_silence_is_reminded_of_then_the_next_person_is_asked(ticket: Ticket, cast: Cast) -> None:
    request = asked(ticket, cast, step(cast.omar, hours=8, remind=2, escalate=str(cast.ada.pk)))
    with clock.at(NOW + timedelta(hours=6)):
        assert process_due_approvals() == 1
        assert process_due_approvals() == 0
    assert Notice.objects.filter(user=cast.omar, text__contains="still waited for").count() == 1
    with clock.at(NOW + timedelta(hours=8)):
        process_due_approvals()
    assert waited_for(request) == {"Ada"}
    with pytest.raises(Refused, match="over"):
        approvals.approve(seat_of(request, cast.omar), by=cast.omar)
    with clock.at(NOW + timedelta(hours=30)):
        while process_due_approvals():
            continue
    assert waited_for(request) == {"Ada"}
    assert approvals.approve(seat_of(request, cast.ada), by=cast.ada).state == "approved"


def test_a_step_that_cannot_be_handled_keeps_no_other_waiting(
    ticket: Ticket, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = asked(ticket, cast, step(cast.omar, hours=8, escalate=str(cast.ada.pk)), code="broken")
    sound = asked(ticket, cast, step(cast.omar, hours=9, escalate=str(cast.ada.pk)), code="sound")
    escalate = approval_deadlines._escalate

    def fails_for_one(late: ApprovalStep, *facts: Any) -> None:
        if late.request_id == broken.pk:
            raise RuntimeError
        escalate(late, *facts)

    monkeypatch.setattr(approval_deadlines, "_escalate", fails_for_one)
    with clock.at(NOW + timedelta(hours=10)):
        process_due_approvals()
    assert (waited_for(broken), waited_for(sound)) == ({"Omar"}, {"Ada"})


def test_silence_climbs_to_the_leaders(ticket: Ticket, cast: Cast) -> None:
    request = asked(ticket, cast, step(cast.ada, hours=1, escalate="leader"))
    with clock.at(NOW + timedelta(hours=2)):
        process_due_approvals()
    assert waited_for(request) == {"Sun"}


def test_a_step_that_leads_to_nobody_by_now_asks_who_keeps_the_settings(ticket: Ticket, cast: Cast) -> None:
    request = asked(ticket, cast, step(cast.sun), step(cast.omar))
    User.objects.filter(pk=cast.omar.pk).update(is_active=False)
    approvals.approve(seat_of(request, cast.sun), by=cast.sun)
    assert waited_for(request) == {"Ada"}


def test_people_are_told_once_in_their_language(ticket: Ticket, cast: Cast) -> None:
    User.objects.filter(pk=cast.sun.pk).update(language="zh-hans")
    request = asked(ticket, cast, step(cast.sun), copies=(cast.omar.pk,))
    (notice,) = Notice.objects.filter(user=cast.sun, kind="approval")
    assert "商誉" in notice.text
    assert notice.url == f"/approvals/{request.pk}/"
    approvals.approve(seat_of(request, cast.sun), by=cast.sun)
    for person in (cast.mei, cast.omar):
        assert Notice.objects.filter(user=person, kind="approval", text__startswith="Approved").count() == 1
    assert AuditEntry.objects.filter(verb="approval.approved", actor=cast.sun).exists()


def test_seen_by_who_has_a_part_and_who_sees_the_ticket(ticket: Ticket, cast: Cast) -> None:
    request = asked(ticket, cast, step(cast.omar))
    seen = {
        person.name: ApprovalRequest.objects.visible_to(person).filter(pk=request.pk).exists()
        for person in (cast.mei, cast.omar, cast.sun, cast.zhao)
    }
    assert seen == {"Mei": True, "Omar": True, "Sun": True, "赵敏": False}
    stranger = people.create_user("eve", name="Eve", password="pw", roles=["agent"], teams=[cast.billing], by=None)
    assert not ApprovalRequest.objects.visible_to(stranger).exists()
    assert not Ticket.objects.visible_to(cast.omar).filter(pk=ticket.pk).exists()


def test_a_status_is_entered_only_with_its_approval(ticket: Ticket, cast: Cast) -> None:
    plan = plan_of(step(cast.sun))
    TicketStatus.objects.filter(code="solved").update(approval=plan)
    for by in (cast.mei, None):
        with pytest.raises(WrongMove, match="Goodwill"):
            set_status(ticket, status_called("solved"), by=by)
    request = ask_for_approval(ticket, plan, by=cast.mei)
    approvals.approve(seat_of(request, cast.sun), by=cast.sun)
    assert resolve_ticket(ticket, by=cast.mei).status.code == "solved"


def test_the_end_of_a_ticket_ends_what_is_asked_about_it(ticket: Ticket, cast: Cast, open_at: OpenTicket) -> None:
    request = asked(ticket, cast, step(cast.sun))
    resolve_ticket(ticket, by=cast.mei)
    assert state_of(request) == "withdrawn"
    other, into = open_at("2026-01-05T09:00"), open_at("2026-01-05T09:00")
    moot = asked(other, cast, step(cast.sun), code="moot")
    merge_tickets(other, into, by=cast.mei)
    assert state_of(moot) == "withdrawn"
    with pytest.raises(Refused):
        approvals.approve(seat_of(moot, cast.sun), by=cast.sun)


def test_the_database_keeps_what_the_engine_promises(ticket: Ticket, cast: Cast) -> None:
    request = asked(ticket, cast, step(cast.sun))
    current = ApprovalStep.objects.get(request=request)
    for broken in (
        lambda: ApprovalStep.objects.create(request=request, number=2, begun_at=NOW),
        lambda: ApprovalSeat.objects.create(step=current, user=cast.sun, asked_at=NOW),
        lambda: ApprovalSeat.objects.update(answer="approved"),
        lambda: ApprovalRequest.objects.update(state="approved"),
        lambda: ask_twice(request),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()


def ask_twice(request: ApprovalRequest) -> None:
    twin = ApprovalRequest.objects.get(pk=request.pk)
    twin.pk = None
    twin._state.adding = True
    twin.save()


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_decide_once(ticket: Ticket, cast: Cast) -> None:
    plan = plan_of(step(cast.sun, cast.ada))
    for _round in range(3):
        request = ask_for_approval(ticket, plan, by=cast.mei)
        sun, ada = seat_of(request, cast.sun), seat_of(request, cast.ada)
        results = at_once(
            lambda seat=sun: approvals.approve(seat, by=cast.sun),
            lambda seat=ada: approvals.reject(seat, by=cast.ada, text="No."),
            refusals=(Refused,),
        )
        assert sum(isinstance(one, Refused) for one in results) == 1
        events = ApprovalEvent.objects.filter(request=request, what__in=["approved", "rejected"])
        assert [events.get().what] == [state_of(request)]


@pytest.mark.django_db(transaction=True)
def test_the_last_two_of_all_never_wait_for_one_another_forever(ticket: Ticket, cast: Cast) -> None:
    plan = plan_of(step(cast.sun, cast.ada, cast.omar, needs="all"))
    for _round in range(3):
        request = ask_for_approval(ticket, plan, by=cast.mei)
        seats = {one: seat_of(request, one) for one in (cast.sun, cast.ada, cast.omar)}
        deeds = [lambda one=one, seat=seat: approvals.approve(seat, by=one) for one, seat in seats.items()]
        at_once(*deeds)
        assert state_of(request) == "approved"


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_a_change_at_once_never_approve_the_changed(ticket: Ticket, cast: Cast) -> None:
    plan = plan_of(step(cast.sun))
    for turn in range(3):
        request = ask_for_approval(ticket, plan, by=cast.mei)
        seat = seat_of(request, cast.sun)
        at_once(
            lambda seat=seat: approvals.approve(seat, by=cast.sun),
            lambda turn=turn: edit_ticket(ticket, by=cast.mei, subject=f"Changed {turn}"),
            refusals=(Refused,),
        )
        assert state_of(request) == "outdated"


@pytest.mark.django_db(transaction=True)
def test_asked_at_once_it_is_asked_once(ticket: Ticket, cast: Cast) -> None:
    plan = plan_of(step(cast.sun))
    at_once(*(lambda: ask_for_approval(ticket, plan, by=cast.mei) for _one in range(3)))
    assert ApprovalRequest.objects.filter(plan=plan).count() == 1
