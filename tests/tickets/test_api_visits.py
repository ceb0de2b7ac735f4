"""Surveys and return visits through the API, under the caller's rights."""

from datetime import timedelta

from crmcore import clock
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tests.tickets.test_api import api
from tickets.actions.lifecycle import rate_ticket, resolve_ticket
from tickets.models import Visit

SURVEYS, VISITS = "/api/v1/surveys/", "/api/v1/visits/"


def test_answers_are_read_by_who_sees_the_ticket(cast: Cast, open_at: OpenTicket) -> None:
    ticket = resolve_ticket(open_at("2026-01-05T09:00"), by=cast.ada)
    rate_ticket(ticket, by=cast.zhao, score=2, comment="Slow")
    rows = api(cast.ada).get(SURVEYS, {"measure": "csat"}).json()["results"]
    assert [(row["ticket"], row["score"], row["comment"]) for row in rows] == [(ticket.number, 2, "Slow")]
    assert api(cast.omar).get(SURVEYS).json()["results"] == []


def visit_of(ticket: str, **more: object) -> dict[str, object]:
    now = clock.now()
    window = {"due_from": now.isoformat(), "due_by": (now + timedelta(days=1)).isoformat()}
    return {"ticket": ticket, "method": "phone", "theme": "care", **window, **more}


def test_visit_is_planned_for_the_tickets_customer(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at("2026-01-05T09:00", assignee=cast.mei)
    answer = api(cast.mei).post(VISITS, visit_of(ticket.number), format="json")
    assert answer.status_code == 201, answer.json()
    visit = Visit.objects.get()
    assert (visit.contact, visit.assignee, visit.ticket) == (ticket.contact, cast.mei, ticket)


def test_visit_out_of_reach_or_time_is_refused(cast: Cast, open_at: OpenTicket) -> None:
    theirs = open_at("2026-01-05T09:00", queue=cast.billing_queue)
    mine = open_at("2026-01-05T09:00", assignee=cast.mei)
    past = clock.now() - timedelta(days=1)
    for asked in (
        visit_of(theirs.number),
        visit_of(mine.number, method="nothing"),
        visit_of(mine.number, due_by=past.isoformat()),
        {"method": "phone", "theme": "care"},
    ):
        assert api(cast.mei).post(VISITS, asked, format="json").status_code == 400
    assert not Visit.objects.exists()
