"""The report on stages: what stands where, how long it took, and the tickets behind each figure."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crmcore import clock
from crmcore.models import AuditEntry, Team, User
from tests.cast import Cast, make_cast
from tests.crmcore.conftest import signed_in
from tickets.actions.alerts import process_due
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import assign_ticket, open_ticket
from tickets.actions.stages import take_step
from tickets.models import StageVisit, Ticket
from tickets.queries.wording import type_called

HERE = "/supervisor/reports/stages/"


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    ensure_ticket_defaults()
    above = Team.objects.create(code="above", name="Company", tier="company", leader=cast.ada)
    Team.objects.filter(pk=above.pk).update(path=f"/{above.pk}/")
    path = f"/{above.pk}/{cast.support.pk}/"
    Team.objects.filter(pk=cast.support.pk).update(tier="project", parent=above, path=path)
    return cast


def complaint(cast: Cast, queue: Any = None, **fields: object) -> Ticket:
    return open_ticket(
        by=cast.mei,
        subject="Damp wall",
        type=type_called("property_complaint"),
        queue=queue or cast.support_queue,
        account=cast.account,
        contact=cast.zhao.contact,
        channel="call",
        assignee=cast.mei,
        fields={"building": "3", **fields},
    )


def done(ticket: Ticket, hours: float) -> None:
    """The ticket's present stage was worked for so many hours and ended just now."""
    visit = ticket.visits.get(left_at=None)
    left_at = clock.now()
    StageVisit.objects.filter(pk=visit.pk).update(
        entered_at=left_at - timedelta(hours=hours), left_at=left_at, how="work", to="inspection"
    )


def figures(user: User, **asked: str) -> Any:
    """The page's figures of the complaint type."""
    found = signed_in(user).get(HERE, asked).context["types"]
    return found[0][0] if found else None


def test_running_tickets_are_counted_by_stage_category_and_tier(cast: Cast) -> None:
    complaint(cast, task_category="property_repair")
    complaint(cast, task_category="property_repair")
    found = figures(cast.sun)
    assert (found.stages[0].code, found.stages[0].tickets) == ("reception", 2)
    assert {row.code: row.tickets for row in found.categories}["property_repair"] == 2
    assert [(row.code, row.tickets) for row in found.tiers] == [("project", 2)]


def test_overdue_and_handed_up_are_counted_once_time_ran_out(cast: Cast) -> None:
    complaint(cast)
    with clock.at(clock.now() + timedelta(days=30)):
        while process_due():
            pass
        row = figures(cast.ada).stages[0]
    assert (row.tickets, row.escalated) == (1, 1)


def test_median_and_ninth_decile_lie_on_the_line_between_neighbours(cast: Cast) -> None:
    for hours in (1, 2, 3, 10):
        done(complaint(cast), hours)
    (row,) = figures(cast.sun).ended
    assert (row.visits, row.median, row.p90) == (4, timedelta(hours=2.5), timedelta(hours=7.9))


def test_stages_that_ended_outside_of_the_period_are_left_out(cast: Cast) -> None:
    done(complaint(cast), 1)
    assert figures(cast.sun, first="2020-01-01", last="2020-01-31") is None


def test_only_tickets_in_reach_are_counted(cast: Cast) -> None:
    complaint(cast, queue=cast.billing_queue)
    assert figures(cast.sun) is None
    assert figures(cast.ada).stages[0].tickets == 1
    assert figures(cast.ada, queue="support") is None
    assert signed_in(cast.mei).get(HERE).status_code == 403


def test_a_figure_leads_to_its_tickets(cast: Cast) -> None:
    ticket = complaint(cast, task_category="property_repair")
    client = signed_in(cast.sun)
    for part, code in (("stage", "reception"), ("category", "property_repair"), ("tier", "project")):
        asked = {"type": str(ticket.type_id), "part": part, "code": code}
        assert ticket.number in client.get(f"{HERE}tickets/", asked).content.decode()
        none = client.get(f"{HERE}tickets/", asked | {"which": "escalated"}).content.decode()
        assert ticket.number not in none


@pytest.mark.parametrize("bad", [{}, {"type": "x"}, {"type": "1", "part": "moon"}, {"type": "9" * 20, "part": "stage"}])
def test_an_address_that_says_nothing_is_not_found(client: Client, cast: Cast, bad: dict[str, str]) -> None:
    assert signed_in(cast.sun).get(f"{HERE}tickets/", bad).status_code == 404


def test_the_file_holds_the_same_figures_and_leaves_a_trace(cast: Cast) -> None:
    done(complaint(cast), 2)
    complaint(cast)
    text = signed_in(cast.sun).get(HERE, {"format": "csv"}).content.decode("utf-8-sig")
    assert any(",7200,7200," in line for line in text.splitlines())
    assert AuditEntry.objects.filter(verb="report.exported", actor=cast.sun).exists()


def test_the_share_within_the_limit_is_of_stages_that_had_one(cast: Cast) -> None:
    ticket = assign_ticket(complaint(cast, task_category="property_repair", weight=3), to=cast.mei, by=cast.mei)
    visit = ticket.visits.get(left_at=None)
    take_step(ticket, "work", "inspection", visit=visit.pk, by=cast.mei)
    (row,) = figures(cast.sun).ended
    assert (row.visits, row.limited, row.late, row.in_time) == (1, 1, 0, 1.0)
