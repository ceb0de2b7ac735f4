"""Templates for WhatsApp in the settings: written down exactly, retired, taken back."""

from typing import Any

import pytest
from django.test import Client

from telephony.models import TextTemplate
from tests.cast import Cast, make_cast

GOOD = {"name": "Visit", "language": "en", "body": "Hello {{1}}, at {{2}}.", "content_sid": "HX" + "a" * 32}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_template_is_written_down_and_changed(cast: Cast) -> None:
    client = browser(cast.ada)
    assert client.post("/settings/templates/new/", GOOD).status_code == 302
    template = TextTemplate.objects.get()
    client.post(f"/settings/templates/{template.pk}/", {**GOOD, "name": "Appointment"})
    assert "Appointment" in client.get("/settings/templates/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"content_sid": "HX1"}, {"content_sid": "SM" + "a" * 32}, {"body": "{{2}}"}, {"body": ""}, {"language": "xx"}],
)
def test_what_the_carrier_would_refuse_is_refused(cast: Cast, wrong: dict[str, str]) -> None:
    answer = browser(cast.ada).post("/settings/templates/new/", {**GOOD, **wrong})
    assert answer.status_code == 422 and not TextTemplate.objects.exists()


def test_template_is_retired_and_taken_back(cast: Cast) -> None:
    client, template = browser(cast.ada), TextTemplate.objects.create(**GOOD)
    for address, is_active in (("retire", False), ("retire", False), ("restore", True)):
        client.post(f"/settings/templates/{template.pk}/{address}/")
        assert TextTemplate.objects.get().is_active is is_active


def test_agents_and_customers_stay_out(cast: Cast) -> None:
    for person in (cast.mei, cast.zhao):
        assert browser(person).get("/settings/templates/").status_code == 403
