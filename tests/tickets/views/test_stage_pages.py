"""Stages on the ticket's page and over the API: the bar, the reader's own buttons, what is missing, one step each."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from crmcore.actions.people import issue_token
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tickets.actions.fields import set_fields
from tickets.actions.lifecycle import assign_ticket
from tickets.models import Ticket
from tickets.queries.stages import open_visit
from tickets.queries.wording import type_called

MON = "2026-01-05T"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def complaint(cast: Cast, open_at: OpenTicket) -> Ticket:
    return open_at(MON + "09:00", type=type_called("property_complaint"))


@pytest.fixture
def mei(client: Client, cast: Cast) -> Client:
    client.force_login(cast.mei)
    return client


def complete(ticket: Ticket, cast: Cast) -> Ticket:
    assign_ticket(ticket, to=cast.mei, by=cast.mei)
    return set_fields(ticket, {"task_category": "property_repair", "weight": 3}, by=cast.mei)


@pytest.mark.parametrize(("language", "said"), [("en", "Still missing:"), ("zh-hans", "现场查验")])
def test_the_head_shows_stages_and_what_is_missing(
    mei: Client, cast: Cast, complaint: Ticket, language: str, said: str
) -> None:
    cast.mei.language = language
    cast.mei.save()
    page = mei.get(reverse("tickets:ticket", args=[complaint.number])).content.decode()
    assert said in page


def test_a_button_takes_the_step_and_the_head_follows(mei: Client, cast: Cast, complaint: Ticket) -> None:
    ticket = complete(complaint, cast)
    visit = open_visit(ticket)
    assert visit is not None
    form = {"visit": visit.pk, "step": "work:inspection"}
    answer = mei.post(reverse("tickets:step", args=[ticket.number]), form, headers=FRAGMENT)
    assert "Finding on site" in answer.content.decode()
    ticket.refresh_from_db()
    assert ticket.stage == "inspection"


def test_a_step_without_what_it_needs_says_so(mei: Client, complaint: Ticket) -> None:
    visit = open_visit(complaint)
    assert visit is not None
    form = {"visit": visit.pk, "step": "work:inspection"}
    answer = mei.post(reverse("tickets:step", args=[complaint.number]), form, headers=FRAGMENT)
    assert "Missing before the next stage" in answer.content.decode()


@pytest.mark.parametrize("form", [{}, {"visit": "x", "step": "fly:home"}, {"visit": "0", "step": "work:inspection"}])
def test_nonsense_moves_nothing(mei: Client, complaint: Ticket, form: dict[str, str]) -> None:
    assert mei.post(reverse("tickets:step", args=[complaint.number]), form, headers=FRAGMENT).status_code == 200
    complaint.refresh_from_db()
    assert complaint.stage == "reception"


def test_the_api_tells_and_takes_steps(cast: Cast, complaint: Ticket) -> None:
    caller = APIClient(headers={"Authorization": f"Bearer {issue_token(cast.mei, 'test', by=cast.mei)}"})
    here = f"/api/v1/tickets/{complaint.number}/"
    told = caller.get(f"{here}stages/").json()
    assert [one["state"] for one in told["stages"]][:2] == ["now", "ahead"]
    assert told["due_at"] is not None
    step = {"act": "work", "to": "inspection", "visit": told["visit"]["id"]}
    assert caller.post(f"{here}step/", step, format="json").status_code == 409
    complete(complaint, cast)
    assert caller.post(f"{here}step/", step, format="json").json()["visit"]["stage"] == "inspection"
    assert caller.post(f"{here}step/", {**step, "to": "handling"}, format="json").status_code == 409
    assert caller.post(f"{here}step/", {"act": "fly", "visit": 1}, format="json").status_code == 400


def test_a_new_complaint_is_not_asked_for_what_its_later_stages_find_out(mei: Client, cast: Cast) -> None:
    asked = mei.get(reverse("tickets:asked_fields"), {"type": type_called("property_complaint").pk}).content.decode()
    assert "field_task_category" in asked
    assert "field_root_cause" not in asked
    assert "field_visit_result" not in asked


def test_a_ticket_without_stages_has_none_over_the_api(cast: Cast, open_at: OpenTicket) -> None:
    caller = APIClient(headers={"Authorization": f"Bearer {issue_token(cast.mei, 'test', by=cast.mei)}"})
    told = caller.get(f"/api/v1/tickets/{open_at(MON + '09:00').number}/stages/").json()
    assert told == {"stages": [], "visit": None}
