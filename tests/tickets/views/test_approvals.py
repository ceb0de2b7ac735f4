"""Approvals on pages and through the API: asked on a ticket's side, answered by keyboard, with nothing lost."""

import pytest
from django.test import Client

from crmcore.models import ApprovalPlan, ApprovalRequest, User
from tests.cast import Cast
from tests.crmcore.conftest import signed_in
from tests.tickets.approving import plan_of, seat_of, state_of, step
from tests.tickets.conftest import OpenTicket
from tests.tickets.test_api import api
from tickets.actions.asking import ask_for_approval
from tickets.models import Rule, Ticket

API = "/api/v1/approvals/"


@pytest.fixture
def ticket(open_at: OpenTicket) -> Ticket:
    return open_at("2026-01-05T09:00")


@pytest.fixture
def asked(ticket: Ticket, cast: Cast) -> ApprovalRequest:
    return ask_for_approval(ticket, plan_of(step(cast.sun)), by=cast.mei, reason="They waited a week.")


def act(user: User, asked: ApprovalRequest, do: str, **facts: object) -> int:
    answer = signed_in(user).post(f"/approvals/{asked.pk}/decide/", {"do": do, **facts})
    return answer.status_code


def test_asked_on_the_side_it_stands_there_line_by_line(ticket: Ticket, cast: Cast) -> None:
    plan = plan_of(step(cast.sun, name="Leader"))
    client = signed_in(cast.mei)
    assert "Ask for an approval" in client.get(f"/tickets/{ticket.number}/").content.decode()
    for _time in range(2):
        client.post(f"/tickets/{ticket.number}/approvals/", {"plan": plan.pk, "reason": "A week."})
    assert ApprovalRequest.objects.get().reason == "A week."
    side = client.get(f"/tickets/{ticket.number}/side/").content.decode()
    assert "Leader" in side
    assert "Asked, no answer yet" in side
    assert "asked for the approval “Goodwill”" in client.get(f"/tickets/{ticket.number}/thread/").content.decode()


def test_what_waits_stands_first_and_is_answered_there(asked: ApprovalRequest, cast: Cast) -> None:
    page = signed_in(cast.sun).get("/approvals/").content.decode()
    assert asked.title in page
    assert asked.title not in signed_in(cast.ada).get("/approvals/").content.decode()
    assert act(cast.sun, asked, "approve", seat=seat_of(asked, cast.sun), back="list") == 302
    assert state_of(asked) == "approved"
    assert asked.title not in signed_in(cast.sun).get("/approvals/").content.decode()
    assert asked.title in signed_in(cast.sun).get("/approvals/?show=done").content.decode()
    assert asked.title in signed_in(cast.mei).get("/approvals/?show=asked").content.decode()


def test_lists_lead_on_by_key(ticket: Ticket, cast: Cast) -> None:
    for number in range(33):
        plan = plan_of(step(cast.sun), code=f"p{number}")
        ask_for_approval(ticket, plan, by=cast.mei)
    client = signed_in(cast.sun)
    first = client.get("/approvals/").context["shelf"]
    rest = client.get(f"/approvals/?before={first.older}").context["shelf"]
    keys = [row.key for row in (*first.rows, *rest.rows)]
    assert (len(first.rows), len(rest.rows), rest.older) == (30, 3, None)
    assert keys == sorted(keys, reverse=True)


def test_what_was_typed_is_kept_when_an_answer_is_refused(asked: ApprovalRequest, cast: Cast) -> None:
    answer = signed_in(cast.sun).post(
        f"/approvals/{asked.pk}/decide/", {"do": "delegate", "seat": seat_of(asked, cast.sun), "text": "Please look"}
    )
    assert answer.status_code == 422
    assert "Please look" in answer.content.decode()
    assert state_of(asked) == "waiting"


@pytest.mark.parametrize(
    "bad", [{}, {"do": "burn"}, {"do": "approve", "seat": "x"}, {"do": "approve", "seat": "9" * 30}]
)
def test_bad_input_decides_nothing(asked: ApprovalRequest, cast: Cast, bad: dict[str, str]) -> None:
    answer = signed_in(cast.sun).post(f"/approvals/{asked.pk}/decide/", bad)
    assert answer.status_code in (302, 422)
    assert state_of(asked) == "waiting"


def test_strangers_and_customers_find_nothing(asked: ApprovalRequest, cast: Cast, client: Client) -> None:
    assert signed_in(cast.omar).get(f"/approvals/{asked.pk}/").status_code == 404
    assert act(cast.omar, asked, "approve", seat=seat_of(asked, cast.sun)) == 404
    for path in ("/approvals/", f"/approvals/{asked.pk}/"):
        assert signed_in(cast.zhao).get(path).status_code == 403
        assert client.get(path).status_code == 302


def test_who_is_asked_reads_the_request_but_not_the_ticket(ticket: Ticket, cast: Cast) -> None:
    asked = ask_for_approval(ticket, plan_of(step(cast.omar)), by=cast.mei)
    page = signed_in(cast.omar).get(f"/approvals/{asked.pk}/").content.decode()
    assert ticket.subject in page
    assert f'href="/tickets/{ticket.number}/"' not in page
    assert f'href="/tickets/{ticket.number}/"' in signed_in(cast.sun).get(f"/approvals/{asked.pk}/").content.decode()


def test_the_api_reads_and_decides(asked: ApprovalRequest, cast: Cast) -> None:
    (row,) = api(cast.sun).get(f"{API}?state=waiting").json()["results"]
    (seat,) = row["steps"][0]["seats"]
    here = f"{API}{asked.pk}/decide/"
    refused = api(cast.sun).post(here, {"do": "reject", "seat": seat["id"]}, format="json")
    assert refused.status_code == 400
    assert api(cast.omar).post(here, {"do": "approve", "seat": seat["id"]}, format="json").status_code == 404
    done = api(cast.sun).post(here, {"do": "approve", "seat": seat["id"]}, format="json")
    assert (done.status_code, done.json()["state"]) == (200, "approved")
    assert api(cast.sun).post(API, {}, format="json").status_code == 405


def test_a_rule_asks_once_by_itself(ticket: Ticket, cast: Cast) -> None:
    plan = plan_of(step(cast.sun))
    Rule.objects.create(code="ask", name="Ask", on=["changed"], steps=[["approval", str(plan.pk)]])
    client = signed_in(cast.mei)
    for priority in ("urgent", "low"):
        client.post(f"/tickets/{ticket.number}/priority/", {"priority": priority})
    request = ApprovalRequest.objects.get()
    assert (request.asked_by, request.state) == (None, "waiting")


def test_plans_are_written_on_the_settings_page_as_versions(cast: Cast) -> None:
    client, here = signed_in(cast.ada), "/settings/approvals/new/"
    row = {"step-0-name": "Leader", "step-0-who": "leader:", "step-0-needs": "one", "step-0-escalate": ""}
    assert client.get(here).status_code == 200
    refused = client.post(here, {"name": "Refund", "step-0-name": "Leader", "step-0-needs": "one"})
    assert refused.status_code == 422
    assert "asks nobody" in refused.content.decode()
    assert not ApprovalPlan.objects.filter(subject="ticket").exists()
    assert client.post(here, {"name": "Refund", "facts": ["subject"], **row}).status_code == 302
    plan = ApprovalPlan.objects.get(subject="ticket")
    assert plan.in_use.read().steps[0].who == (("leader", ""),)
    there = f"/settings/approvals/{plan.pk}/"
    assert "Leader" in client.get(there).content.decode()
    second = {key.replace("step-0", "step-1"): value for key, value in row.items()} | {"step-1-name": "Office"}
    places = {"step-0-place": 2, "step-1-place": 1}
    client.post(there, {"name": "Refund", "facts": ["subject"], **row, **second, **places})
    assert [step.name for step in plan.in_use.read().steps] == ["Office", "Leader"]
    assert plan.versions.count() == 2
    assert signed_in(cast.mei).get(there).status_code == 403
