"""Return visits: planned once, missed in the open, completed by one person, closing the complaint's loop."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crmcore import clock
from crmcore.models import Notice, User
from tests.at_once import at_once
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.fields import set_fields
from tickets.actions.lifecycle import assign_ticket, reopen_ticket, resolve_ticket
from tickets.actions.moves import WrongMove
from tickets.actions.replies import reply
from tickets.actions.stages import take_step
from tickets.actions.visit_due import watch_visits
from tickets.actions.visit_work import (
    BadWindow,
    Report,
    VisitOver,
    call_off,
    complete,
    create_visit,
    give,
    note_try,
    reschedule,
)
from tickets.models import Rule, Ticket, Visit, VisitMethod, VisitPlan, VisitTheme
from tickets.queries.stages import open_visit
from tickets.queries.wording import type_called

MON = "2026-01-05T"
Progress = Visit.Progress


@pytest.fixture
def plan(cast: Cast) -> VisitPlan:
    """A visit a day after the ticket is solved, within two days."""
    found = VisitPlan.objects.get(code="level-a")
    VisitPlan.objects.filter(pk=found.pk).update(after_hours=24, window_hours=48)
    Rule.objects.filter(code="visit-level-a").update(
        is_active=True, conditions={"all": [["category", "is", ["solved"]]]}
    )
    return found


def solved(open_at: OpenTicket, cast: Cast, **facts: object) -> Ticket:
    ticket = open_at(MON + "09:00", assignee=cast.mei, **facts)
    with clock.at(at(MON + "10:00")):
        return resolve_ticket(ticket, by=cast.mei)


def only(ticket: Ticket) -> Visit:
    return Visit.objects.get(ticket=ticket)


def test_rule_plans_a_visit_for_who_has_the_ticket(cast: Cast, open_at: OpenTicket, plan: VisitPlan) -> None:
    visit = only(solved(open_at, cast))
    assert (visit.assignee, visit.contact, visit.team) == (cast.mei, cast.zhao.contact, cast.support)
    assert (visit.due_from, visit.due_by) == (at("2026-01-06T10:00"), at("2026-01-08T10:00"))


def test_two_rules_plan_one_visit(cast: Cast, open_at: OpenTicket, plan: VisitPlan) -> None:
    Rule.objects.create(code="again", name="Again", on=["status"], steps=[["visit", str(plan.pk)]], position=99)
    visit = only(solved(open_at, cast))
    visit.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.save(force_insert=True)


def test_visit_that_nobody_may_do_goes_to_the_leader(cast: Cast, open_at: OpenTicket, plan: VisitPlan) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        resolve_ticket(ticket, by=cast.mei)
    assert only(ticket).assignee == cast.sun


def test_reopened_ticket_takes_its_visit_back_and_plans_another(
    cast: Cast, open_at: OpenTicket, plan: VisitPlan
) -> None:
    ticket = solved(open_at, cast)
    with clock.at(at(MON + "11:00")):
        ticket = reopen_ticket(ticket, by=cast.zhao)
        assert only(ticket).progress == Progress.CANCELLED
        resolve_ticket(ticket, by=cast.mei)
    assert list(ticket.return_visits.order_by("pk").values_list("progress", "round")) == [
        (Progress.CANCELLED, 0),
        (Progress.PLANNED, 1),
    ]


def test_begun_visit_outlives_the_reopening(cast: Cast, open_at: OpenTicket, plan: VisitPlan) -> None:
    ticket = solved(open_at, cast)
    visit = only(ticket)
    note_try(visit, by=cast.mei, method=visit.method, was_reached=True, note="Calls back", token="1")
    with clock.at(at(MON + "11:00")):
        reopen_ticket(ticket, by=cast.zhao)
    visit.refresh_from_db()
    assert visit.progress == Progress.FOLLOWING


def test_attempt_sent_twice_is_one(cast: Cast, open_at: OpenTicket, plan: VisitPlan) -> None:
    visit = only(solved(open_at, cast))
    for _ in range(2):
        note_try(visit, by=cast.mei, method=visit.method, was_reached=False, note="", token="same")
    assert visit.tries.count() == 1


def test_visit_is_warned_of_once_before_it_is_late(cast: Cast, open_at: OpenTicket, plan: VisitPlan) -> None:
    visit = only(solved(open_at, cast))
    for moment in ("2026-01-08T05:59", "2026-01-08T06:01", "2026-01-08T06:02"):
        with clock.at(at(moment)):
            watch_visits()
    assert list(Notice.objects.filter(kind="due_soon").values_list("user", "kind", "url")) == [
        (cast.mei.pk, "due_soon", f"/console/visits/{visit.pk}/")
    ]
    assert visit.mark(at("2026-01-08T06:01")) == "soon"


def test_missed_visit_is_told_to_its_person_and_the_leader_once(
    cast: Cast, open_at: OpenTicket, plan: VisitPlan
) -> None:
    visit = only(solved(open_at, cast))
    for _ in range(2):
        with clock.at(at("2026-01-08T10:00")):
            watch_visits()
    visit.refresh_from_db()
    assert visit.progress == Progress.MISSED
    assert set(Notice.objects.filter(kind="overdue").values_list("user", flat=True)) == {cast.mei.pk, cast.sun.pk}


def test_missed_visit_is_planned_again_by_moving_it(cast: Cast, open_at: OpenTicket, plan: VisitPlan) -> None:
    visit = only(solved(open_at, cast))
    with clock.at(at("2026-01-08T10:00")):
        watch_visits()
        reschedule(visit, at("2026-01-09T10:00"), at("2026-01-09T12:00"), by=cast.mei)
    visit.refresh_from_db()
    assert (visit.progress, visit.missed_at) == (Progress.PLANNED, None)


def test_window_lies_ahead_and_has_a_length(cast: Cast, open_at: OpenTicket, plan: VisitPlan) -> None:
    visit = only(solved(open_at, cast))
    with clock.at(at("2026-01-08T10:00")):
        for begin, end in (("2026-01-09T10:00", "2026-01-09T10:00"), ("2026-01-07T10:00", "2026-01-08T09:00")):
            with pytest.raises(BadWindow):
                reschedule(visit, at(begin), at(end), by=cast.mei)


def test_completed_visit_keeps_what_was_said_and_plans_the_next(
    cast: Cast, open_at: OpenTicket, plan: VisitPlan
) -> None:
    visit = only(solved(open_at, cast))
    begin = at("2026-01-12T10:00")
    report = Report(
        "satisfied", "All well.", "Price", "Wants a dryer", next_from=begin, next_by=begin + timedelta(days=1)
    )
    with clock.at(at("2026-01-07T10:00")):
        complete(visit, report, by=cast.mei)
    visit.refresh_from_db()
    assert (visit.progress, visit.result, visit.objections, visit.ended_by) == (
        Progress.COMPLETED,
        "satisfied",
        "Price",
        cast.mei,
    )
    assert (visit.next.due_from, visit.next.progress) == (begin, Progress.PLANNED)


def test_second_click_of_one_person_changes_nothing(cast: Cast, open_at: OpenTicket, plan: VisitPlan) -> None:
    visit = only(solved(open_at, cast))
    begin = at("2027-01-12T10:00")
    report = Report("satisfied", next_from=begin, next_by=begin + timedelta(days=1))
    for _ in range(2):
        with clock.at(at("2026-01-07T10:00")):
            complete(visit, report, by=cast.mei)
    assert Visit.objects.count() == 2


def test_second_person_is_told_who_was_faster(cast: Cast, open_at: OpenTicket, plan: VisitPlan) -> None:
    visit = only(solved(open_at, cast))
    complete(visit, Report("satisfied"), by=cast.mei)
    with pytest.raises(VisitOver) as over:
        complete(visit, Report("dissatisfied"), by=cast.sun)
    assert over.value.visit.ended_by == cast.mei
    with pytest.raises(VisitOver):
        call_off(visit, "Moved away", by=cast.sun)


def test_stranger_to_the_team_may_not_work_a_visit(cast: Cast, open_at: OpenTicket, plan: VisitPlan) -> None:
    visit = only(solved(open_at, cast))
    with pytest.raises(PermissionDenied):
        complete(visit, Report("satisfied"), by=cast.omar)
    assert not Visit.objects.visible_to(cast.omar).exists()
    assert not Visit.objects.visible_to(cast.zhao).exists()


def test_given_visit_belongs_to_the_other(cast: Cast, open_at: OpenTicket, plan: VisitPlan) -> None:
    visit = only(solved(open_at, cast))
    give(visit, cast.omar, by=cast.mei)
    assert Visit.objects.visible_to(cast.omar).get() == visit


def test_visit_is_planned_by_hand_without_a_ticket(cast: Cast) -> None:
    with clock.at(at(MON + "10:00")):
        visit = create_visit(
            by=cast.mei,
            method=VisitMethod.objects.get(code="home"),
            theme=VisitTheme.objects.get(code="birthday"),
            due_from=at("2026-01-06T10:00"),
            due_by=at("2026-01-06T18:00"),
            assignee=cast.mei,
            contact=cast.zhao.contact,
        )
    assert Visit.objects.visible_to(cast.sun).get() == visit


@pytest.fixture
def complaint(cast: Cast, open_at: OpenTicket) -> Ticket:
    """A complaint that has come to its return visit, and the visit that the shipped rule plans."""
    Rule.objects.filter(code="visit-complaint").update(is_active=True)
    ticket = open_at(MON + "09:00", type=type_called("property_complaint"), assignee=cast.mei)
    filled = {
        "reception": {"task_category": "customer_service", "weight": 3},
        "assignment": {"party": "property_office"},
        "handling": {"result": "Mended"},
        "closing": {"root_cause": "service", "prevention": "Training"},
    }
    for stage in ("reception", "assignment", "handling", "closing"):
        with clock.at(at(MON + "10:00")):
            ticket = set_fields(assign_ticket(ticket, to=cast.mei, by=cast.ada), filled[stage], by=cast.ada)
            if stage == "handling":
                reply(ticket, by=cast.mei, body="Mended")
            visit = open_visit(ticket)
            assert visit is not None
            flow = visit.version.read()
            present = flow.stage(visit.stage)
            assert present is not None
            way = flow.ways(present, "customer_service")[0]
            ticket = take_step(ticket, "work", way, visit=visit.pk, by=cast.ada)
    assert ticket.stage == "return_visit"
    return ticket


def test_return_visit_closes_the_complaint(cast: Cast, complaint: Ticket) -> None:
    visit = only(complaint)
    complete(visit, Report("satisfied", "Thanks", step="end"), by=cast.ada)
    complaint.refresh_from_db()
    assert (complaint.stage, complaint.status.category) == ("", "closed")
    assert complaint.fields["visit_result"] == "satisfied"
    assert complaint.fields["visit_method"] == "phone"


def test_dissatisfied_customer_sends_the_complaint_back_and_is_visited_again(cast: Cast, complaint: Ticket) -> None:
    complete(only(complaint), Report("dissatisfied", step="handling"), by=cast.ada)
    complaint.refresh_from_db()
    assert (complaint.stage, complaint.is_active) == ("handling", True)
    for stage in ("handling", "closing"):
        visit = open_visit(complaint)
        assert visit is not None
        if stage == "handling":
            reply(complaint, by=cast.mei, body="Now really")
        onward = "closing" if stage == "handling" else "return_visit"
        complaint = take_step(complaint, "work", onward, visit=visit.pk, by=cast.ada)
    assert Visit.objects.filter(ticket=complaint, progress=Progress.PLANNED).count() == 1


def test_loop_that_cannot_go_that_way_leaves_the_visit_open(cast: Cast, complaint: Ticket) -> None:
    visit = only(complaint)
    with pytest.raises(WrongMove):
        complete(visit, Report("satisfied", step="reception"), by=cast.ada)
    visit.refresh_from_db()
    assert visit.progress == Progress.PLANNED


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_complete_it_once(cast: Cast, open_at: OpenTicket, plan: VisitPlan) -> None:
    visit = only(solved(open_at, cast))

    def end(person: User, result: str) -> None:
        complete(Visit.objects.get(pk=visit.pk), Report(result), by=person)

    ends = partial(end, cast.mei, "satisfied"), partial(end, cast.sun, "dissatisfied")
    assert sum(isinstance(one, VisitOver) for one in at_once(*ends, refusals=(VisitOver,))) == 1
