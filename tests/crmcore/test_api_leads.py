"""Leads and the register by the REST API."""

import pytest
from rest_framework.test import APIClient

from crmcore.models import Lead
from tests.cast import Cast
from tests.crmcore.leads import card, grade, source
from tests.crmcore.test_api import client_of

LEADS = "/api/v1/leads/"


@pytest.fixture
def mei(cast: Cast) -> APIClient:
    grade("a")
    source("website")
    return client_of(cast.mei)


def test_another_system_opens_a_card_once_per_key(cast: Cast, mei: APIClient) -> None:
    facts = {"name": "Ivo Marin", "source": "website", "budget_minor": 1200, "currency": "GBP"}
    answers = [mei.post(LEADS, facts, format="json", headers={"Idempotency-Key": "k1"}) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["number"] == answers[1].json()["number"]
    assert Lead.objects.get().origin == "api"


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"name": "Ivo"}, "source"), ({"source": "website"}, "name"), ({"source": "nowhere", "name": "Ivo"}, "source")],
)
def test_what_is_missing_is_named(mei: APIClient, facts: dict[str, str], field: str) -> None:
    answer = mei.post(LEADS, facts, format="json")
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_outsiders_read_and_change_nothing(cast: Cast, mei: APIClient) -> None:
    lead = card(cast.mei)
    omar = client_of(cast.omar)
    assert omar.get(LEADS).json()["results"] == []
    assert omar.patch(f"{LEADS}{lead.pk}/", {"name": "X"}, format="json").status_code == 404
    assert mei.patch(f"{LEADS}{lead.pk}/", {"name": "Ivo"}, format="json").json()["name"] == "Ivo"


def test_the_register_is_written_by_another_system(mei: APIClient) -> None:
    answer = mei.post("/api/v1/receptions/", {"kind": "call", "arrived_at": "2026-01-05T10:00:00Z"}, format="json")
    assert answer.status_code == 201
    assert "no_source" in answer.json()["flaws"]
