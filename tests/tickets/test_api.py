"""The REST API of tickets: tokens, rights, the same actions as on screen."""

import pytest
from rest_framework.test import APIClient

from crmcore.actions.people import issue_token
from crmcore.models import User
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tickets.actions.replies import customer_reply
from tickets.models import Ticket

MON = "2026-01-05T"
TICKETS = "/api/v1/tickets/"


def api(user: User) -> APIClient:
    return APIClient(headers={"Authorization": f"Bearer {issue_token(user, 'test', by=user)}"})


def test_the_list_holds_what_the_caller_may_see(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    mine, theirs = api(cast.mei).get(TICKETS).json(), api(cast.omar).get(TICKETS).json()
    assert [row["number"] for row in mine["results"]] == [ticket.number]
    assert theirs["results"] == []


def test_no_token_no_ticket(cast: Cast) -> None:
    assert APIClient().get(TICKETS).status_code == 401


def test_a_ticket_of_another_team_does_not_exist(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    answer = api(cast.omar).get(f"{TICKETS}{ticket.number}/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_opening_by_the_api_starts_the_clocks(cast: Cast) -> None:
    form = {"subject": "Leaks", "type": "repair", "queue": "support", "channel": "call", "account": cast.account.pk}
    answer = api(cast.mei).post(TICKETS, form, format="json")
    assert answer.status_code == 201
    assert Ticket.objects.get(number=answer.json()["number"]).clocks.filter(metric="resolution").exists()


def test_a_change_runs_through_the_actions(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    change = {"status": "solved", "priority": "high", "assignee": cast.mei.pk}
    answer = api(cast.mei).patch(f"{TICKETS}{ticket.number}/", change, format="json")
    assert answer.status_code == 200
    assert answer.json()["solved_at"] is not None
    assert ticket.interactions.filter(event="assignee").exists()


def test_a_change_that_has_not_seen_the_latest_conflicts(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    customer_reply(ticket, by_contact=cast.zhao.contact, body="Still broken.")
    change = {"status": "solved", "seen_seq": ticket.seq}
    assert api(cast.mei).patch(f"{TICKETS}{ticket.number}/", change, format="json").status_code == 409


def test_a_closed_ticket_stays_closed(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    caller = api(cast.mei)
    caller.patch(f"{TICKETS}{ticket.number}/", {"status": "closed"}, format="json")
    assert caller.patch(f"{TICKETS}{ticket.number}/", {"status": "open"}, format="json").status_code == 409


def test_the_ledger_is_open_to_read(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    clocks = api(cast.mei).get(f"{TICKETS}{ticket.number}/clocks/").json()
    metrics = [clock["metric"] for clock in clocks]
    assert metrics == ["resolution", "ownership", "requester_wait", "agent_work", "first_reply"]
    assert clocks[-1]["segments"][0]["cause"] == "contact"


def test_an_interaction_is_added_and_counted(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    form = {
        "ticket": ticket.number,
        "channel": "portal",
        "direction": "out",
        "is_public": True,
        "body": "On it.",
    }
    answer = api(cast.mei).post("/api/v1/interactions/", form, format="json")
    assert answer.status_code == 201
    assert ticket.clocks.get(metric="first_reply").state in ("met", "missed")


def test_nobody_writes_on_a_ticket_of_another_team(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    form = {"ticket": ticket.number, "channel": "note", "direction": "internal", "body": "!"}
    assert api(cast.omar).post("/api/v1/interactions/", form, format="json").status_code == 400


@pytest.mark.parametrize(("asked", "count"), [("q=E3", 1), ("q=nothing", 0), ("type=repair", 1), ("status=open", 0)])
def test_filters(cast: Cast, open_at: OpenTicket, asked: str, count: int) -> None:
    open_at(MON + "09:00")
    assert len(api(cast.mei).get(f"{TICKETS}?{asked}").json()["results"]) == count


def test_clocks_are_listed_for_the_tickets_in_reach_only(cast: Cast, open_at: OpenTicket) -> None:
    ours = open_at(MON + "09:00")
    open_at(MON + "09:00", queue=cast.billing_queue)
    rows = api(cast.mei).get("/api/v1/clocks/", {"metric": "resolution"}).json()["results"]
    assert [(row["ticket"], row["metric"]) for row in rows] == [(ours.number, "resolution")]
    assert rows[0]["segments"][0]["cause"] == "opened"
