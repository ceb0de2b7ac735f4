"""Tickets in their stages: moved by whoever may, once, with nothing left out; handed up when time runs out."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.core.exceptions import PermissionDenied

from crmcore import clock
from crmcore.actions import people
from crmcore.models import AuditEntry, Queue, Team, User
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.alerts import process_due
from tickets.actions.changing import StaleTicket
from tickets.actions.fields import set_fields
from tickets.actions.lifecycle import assign_ticket, edit_ticket, reopen_ticket, resolve_ticket, set_status
from tickets.actions.moves import WrongMove
from tickets.actions.replies import reply
from tickets.actions.stages import take_step
from tickets.models import StageVisit, Ticket
from tickets.queries.stages import open_visit, stage_bar
from tickets.queries.wording import status_called, type_called
from tickets.shipped_loop import CATEGORIES

MON = "2026-01-05T"
FILLED = {
    "reception": {"task_category": "property_repair", "weight": 3},
    "inspection": {"finding": "Damp wall"},
    "assignment": {"party": "contractor"},
    "handling": {"result": "Sealed anew"},
    "closing": {"root_cause": "construction", "prevention": "Check seals on hand-over"},
    "return_visit": {"visit_method": "phone", "visit_result": "satisfied"},
}


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    """Everything happens ten minutes after the complaint unless it says otherwise."""
    with clock.at(at(MON + "09:10")):
        yield


@dataclass
class Estate:
    """A project below a company below the group, each with a person; tickets come to the project."""

    fitter: User
    coordinator: User
    chief: User
    queue: Queue


@pytest.fixture
def estate(cast: Cast) -> Estate:
    group = people.create_team("group", "Group")
    company = people.create_team("company", "Company", parent=group)
    project = people.create_team("project", "Project", parent=company)
    chief, coordinator = leader("chief", group, "group"), leader("coordinator", company, "company")
    fitter = people.create_user("fitter", name="Fitter", password="pw", roles=["agent"], teams=[project], by=None)
    Team.objects.filter(pk=project.pk).update(tier="project")
    queue = Queue.objects.create(code="estate", name="Estate", team=project, calendar=cast.support_queue.calendar)
    return Estate(fitter, coordinator, chief, Queue.objects.get(pk=queue.pk))


def leader(name: str, team: Team, tier: str) -> User:
    user = people.create_user(name, name=name.title(), password="pw", roles=["supervisor"], teams=[team], by=None)
    Team.objects.filter(pk=team.pk).update(leader=user, tier=tier)
    return user


@pytest.fixture
def complaint(estate: Estate, open_at: OpenTicket) -> Ticket:
    return open_at(MON + "09:00", type=type_called("property_complaint"), queue=estate.queue)


def step(ticket: Ticket, act: str, to: str, by: User, reason: str = "") -> Ticket:
    visit = open_visit(ticket)
    assert visit is not None
    return take_step(ticket, act, to, visit=visit.pk, by=by, reason=reason)


def work_through(ticket: Ticket, by: User, *, until: str = "", **fields: object) -> Ticket:
    """Do at each stage what it asks for and hand it on, to the end or to a stage."""
    if ticket.assignee is None:
        ticket = assign_ticket(ticket, to=by, by=by)
    while ticket.stage and ticket.stage != until:
        ticket = set_fields(ticket, FILLED[ticket.stage] | fields, by=by)
        if ticket.stage == "handling":
            reply(ticket, by=by, body="We sealed it anew.")
        bar = stage_bar(ticket, by, clock.now())
        assert bar is not None
        assert bar.lacks == []
        ticket = step(ticket, "work", bar.ways[0].to, by)
    return ticket


def stages_of(ticket: Ticket) -> list[str]:
    return list(ticket.visits.values_list("stage", flat=True))


@pytest.mark.parametrize("category", [code for code, _name, _name_zh in CATEGORIES])
def test_each_category_runs_its_loop_to_the_mandatory_return_visit(
    estate: Estate, complaint: Ticket, category: str
) -> None:
    ticket = work_through(complaint, estate.fitter, task_category=category)
    inspected = category not in ("customer_service", "sales_service")
    assert ("inspection" in stages_of(ticket)) is inspected
    assert stages_of(ticket)[-1] == "return_visit"
    assert ticket.status.category == "closed"
    clocks = ticket.clocks.filter(metric="stage")
    assert clocks.count() == len(stages_of(ticket))
    assert {one.state for one in clocks} == {"met"}


def test_every_category_has_limits_of_its_own(estate: Estate, open_at: OpenTicket) -> None:
    limits = {}
    for category in ("property_repair", "planning_design"):
        ticket = open_at(MON + "09:00", type=type_called("property_complaint"), queue=estate.queue)
        ticket = work_through(ticket, estate.fitter, until="inspection", task_category=category)
        limits[category] = ticket.clocks.get(metric="stage", stopped_at=None).target_s
    assert limits == {"property_repair": 4 * 3600, "planning_design": 16 * 3600}


def test_a_stage_does_not_end_before_what_it_asks_for_is_done(estate: Estate, complaint: Ticket) -> None:
    with pytest.raises(WrongMove, match="Category, Weight, somebody owns it"):
        step(complaint, "work", "inspection", estate.fitter)
    complaint.refresh_from_db()
    assert complaint.stage == "reception"


def test_nothing_is_solved_or_closed_around_its_stages(estate: Estate, cast: Cast, complaint: Ticket) -> None:
    for by in (estate.chief, cast.zhao, None):
        with pytest.raises(WrongMove):
            resolve_ticket(complaint, by=by)
    ticket = work_through(complaint, estate.fitter, until="return_visit")
    assert ticket.status.category == "solved"
    with pytest.raises(WrongMove):
        set_status(ticket, status_called("closed"), by=estate.chief)


def test_two_clicks_are_one_step_and_an_old_page_moves_nothing(estate: Estate, complaint: Ticket) -> None:
    ticket = work_through(complaint, estate.fitter, until="inspection")
    first = ticket.visits.order_by("pk")[0]
    assert take_step(ticket, "work", "inspection", visit=first.pk, by=estate.fitter).seq == ticket.seq
    with pytest.raises(StaleTicket):
        take_step(ticket, "work", "assignment", visit=first.pk, by=estate.fitter)
    assert stages_of(ticket) == ["reception", "inspection"]


def test_time_run_out_hands_the_stage_up_tier_by_tier(estate: Estate, complaint: Ticket) -> None:
    for moment, tier, owner in (
        ("11:00:01", "company", estate.coordinator),
        ("13:00:02", "group", estate.chief),
        ("15:00:03", "group", estate.chief),
    ):
        with clock.at(at(MON + moment)):
            process_due()
        visit = open_visit(complaint)
        complaint.refresh_from_db()
        assert visit is not None
        assert (visit.tier, complaint.assignee) == (tier, owner)
    assert complaint.interactions.filter(event="climbed").count() == 2
    assert AuditEntry.objects.filter(verb="ticket.stage_climbed").count() == 2


def test_a_tier_does_what_the_flow_delegates_to_it(estate: Estate, complaint: Ticket) -> None:
    for act, to in (("skip", "inspection"), ("hand_down", "")):
        with pytest.raises(PermissionDenied):
            step(complaint, act, to, estate.fitter, reason="So")
    ticket = step(complaint, "climb", "", estate.fitter, reason="Beyond us")
    with pytest.raises(PermissionDenied):
        step(ticket, "work", "inspection", estate.fitter)
    ticket = step(ticket, "hand_down", "", estate.coordinator)
    visit = open_visit(ticket)
    assert visit is not None
    assert visit.tier == "project"
    ticket = work_through(ticket, estate.fitter, until="inspection")
    ticket = step(ticket, "skip", "assignment", estate.coordinator, reason="Seen before")
    assert stages_of(ticket)[-1] == "assignment"
    assert step(ticket, "back", "reception", estate.chief, reason="Wrong category").stage == "reception"


def test_rare_steps_say_why_and_mandatory_stages_are_never_skipped(estate: Estate, complaint: Ticket) -> None:
    with pytest.raises(WrongMove, match="why"):
        step(complaint, "climb", "", estate.chief)
    with pytest.raises(WrongMove):
        step(complaint, "skip", "inspection", estate.chief, reason="No time")


@pytest.mark.parametrize("mark", ["group_action", "compensation"])
def test_group_action_and_compensation_are_the_companys_matter_at_once(
    estate: Estate, complaint: Ticket, mark: str
) -> None:
    ticket = set_fields(complaint, {mark: True}, by=estate.fitter)
    visit = open_visit(ticket)
    assert visit is not None
    assert (ticket.priority, visit.tier, ticket.assignee) == ("urgent", "company", estate.coordinator)
    ticket = work_through(ticket, estate.coordinator, until="inspection")
    visit = open_visit(ticket)
    assert visit is not None
    assert visit.tier == "company"


def test_who_is_not_satisfied_goes_back_to_handling_and_is_visited_again(estate: Estate, complaint: Ticket) -> None:
    ticket = work_through(complaint, estate.fitter, until="return_visit")
    ticket = set_fields(ticket, {"visit_method": "phone", "visit_result": "dissatisfied"}, by=estate.fitter)
    ticket = step(ticket, "work", "handling", estate.fitter)
    assert (ticket.status.category, ticket.is_active, ticket.stage) == ("open", True, "handling")
    ticket = work_through(ticket, estate.fitter)
    assert stages_of(ticket).count("return_visit") == 2
    assert ticket.status.category == "closed"


def test_a_reopened_ticket_comes_back_to_handling(estate: Estate, cast: Cast, complaint: Ticket) -> None:
    ticket = work_through(complaint, estate.fitter, until="return_visit")
    ticket = reopen_ticket(ticket, by=cast.zhao)
    assert (ticket.stage, ticket.status.category) == ("handling", "open")
    assert ticket.visits.filter(left_at=None).count() == 1


def test_what_is_only_registered_goes_straight_to_the_queue_of_those_who_handle_it(
    estate: Estate, cast: Cast, complaint: Ticket, open_at: OpenTicket
) -> None:
    flow = complaint.type.stage_flow
    document = deepcopy(flow.in_use.document)
    handling = next(row for row in document["stages"] if row["code"] == "handling")
    handling["queues"] = {"sales_service": cast.billing_queue.code}
    flow.versions.create(number=2, document=document, published_at=at(MON + "09:05"))
    ticket = open_at(MON + "09:06", type=complaint.type, queue=estate.queue)
    ticket = work_through(ticket, estate.fitter, until="handling", task_category="sales_service")
    assert stages_of(ticket) == ["reception", "handling"]
    assert (ticket.queue, ticket.assignee) == (cast.billing_queue, None)


def test_running_tickets_stay_on_the_version_with_which_they_began(
    estate: Estate, cast: Cast, complaint: Ticket, open_at: OpenTicket
) -> None:
    flow = complaint.type.stage_flow
    shorter = {**flow.in_use.document}
    shorter["stages"] = [{**shorter["stages"][0], "next": ["end"]}]
    flow.versions.create(number=2, document=shorter, published_at=at(MON + "09:30"))
    ticket = work_through(complaint, estate.fitter)
    assert len(stages_of(ticket)) == 6
    later = open_at(MON + "10:00", type=complaint.type, queue=estate.queue)
    assert stages_of(work_through(later, estate.fitter)) == ["reception"]


def test_another_type_or_void_ends_the_loop(estate: Estate, open_at: OpenTicket, complaint: Ticket) -> None:
    ticket = edit_ticket(complaint, by=estate.chief, type=type_called("repair"))
    assert (ticket.stage, ticket.visits.get().how) == ("", StageVisit.How.DROPPED)
    ticket = edit_ticket(ticket, by=estate.chief, type=type_called("property_complaint"))
    ticket = set_status(ticket, status_called("void"), by=estate.chief)
    assert ticket.stage == ""
    assert not ticket.visits.filter(left_at=None).exists()


def test_a_desk_without_tiers_works_the_loop_too(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00", type=type_called("property_complaint"))
    assert work_through(ticket, cast.mei).status.category == "closed"
