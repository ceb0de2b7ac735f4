"""The pages of other telephone systems: addresses, extensions, the event inspector."""

import json
import re

import pytest
from django.test import Client

from telephony.models import Call, CtiToken, ExchangeReport, Extension
from tests.cast import Cast, make_cast

STARTED = {"type": "call.started", "call": "17", "from": "+12025550147"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ada)
    return client


def make(admin: Client) -> tuple[CtiToken, str]:
    """An exchange and the path of its address."""
    answer = admin.post("/settings/exchanges/new/", {"name": "Head office", "region": "us"}, follow=True)
    path = re.search(r"/telephony/cti/[\w-]+/", answer.content.decode())
    assert path is not None
    return CtiToken.objects.get(), path.group()


def report(path: str, event: object) -> int:
    return Client().post(path, json.dumps(event), content_type="application/json").status_code


def test_address_is_shown_once_and_works(admin: Client) -> None:
    exchange, path = make(admin)
    assert path not in admin.get(f"/settings/exchanges/{exchange.pk}/").content.decode()
    assert report(path, {"type": "test"}) == 200
    assert exchange.region == "US"


def test_new_address_replaces_the_old_one(admin: Client) -> None:
    exchange, old = make(admin)
    answer = admin.post(f"/settings/exchanges/{exchange.pk}/renew/", follow=True)
    new = re.search(r"/telephony/cti/[\w-]+/", answer.content.decode())
    assert new is not None
    assert (report(old, {"type": "test"}), report(new.group(), {"type": "test"})) == (404, 200)


def test_revoked_address_is_refused(admin: Client) -> None:
    exchange, path = make(admin)
    admin.post(f"/settings/exchanges/{exchange.pk}/revoke/")
    assert report(path, {"type": "test"}) == 404


def test_extension_finds_its_agent_until_it_is_freed(admin: Client, cast: Cast) -> None:
    exchange, path = make(admin)
    base = f"/settings/exchanges/{exchange.pk}/extensions"
    admin.post(f"{base}/", {"number": "201", "agent": cast.mei.pk})
    admin.post(f"{base}/", {"number": "201", "agent": cast.omar.pk})
    assert Extension.objects.get().agent == cast.omar
    report(path, STARTED)
    report(path, {"type": "call.answered", "call": "17", "agent": "201"})
    assert Call.objects.get().agent == cast.omar
    admin.post(f"{base}/free/", {"number": "201"})
    assert not Extension.objects.exists()


def test_bad_form_keeps_what_was_typed(admin: Client) -> None:
    answer = admin.post("/settings/exchanges/new/", {"name": "Branch", "region": "XX"})
    assert answer.status_code == 422 and b'value="Branch"' in answer.content and not CtiToken.objects.exists()
    exchange, _ = make(admin)
    answer = admin.post(f"/settings/exchanges/{exchange.pk}/extensions/", {"number": "2 0;1", "agent": ""})
    assert answer.status_code == 422 and b'value="2 0;1"' in answer.content


def test_inspector_shows_the_words_and_the_verdict(admin: Client) -> None:
    exchange, path = make(admin)
    assert report(path, {"type": "call.dances", "call": "<b>17</b>"}) == 400
    page = admin.get(f"/settings/exchanges/{exchange.pk}/events/").content.decode()
    assert "type must be one of" in page and "&lt;b&gt;17&lt;/b&gt;" in page
    filtered = admin.get(f"/settings/exchanges/{exchange.pk}/events/?verdict=accepted").content.decode()
    assert "call.dances" not in filtered


def test_replay_from_the_page_changes_no_call(admin: Client) -> None:
    exchange, path = make(admin)
    report(path, STARTED)
    before = list(Call.objects.values())
    row = ExchangeReport.objects.get()
    admin.post(f"/settings/exchanges/{exchange.pk}/events/{row.pk}/replay/")
    assert list(Call.objects.values()) == before
    assert ExchangeReport.objects.get(is_replay=True).verdict == "duplicate"


def test_report_of_another_exchange_cannot_be_replayed_here(admin: Client) -> None:
    _, path = make(admin)
    report(path, STARTED)
    row = ExchangeReport.objects.get()
    assert admin.post(f"/settings/exchanges/0/events/{row.pk}/replay/").status_code == 404


def test_pages_are_closed_to_agents(cast: Cast, client: Client, admin: Client) -> None:
    exchange, _ = make(admin)
    stranger = Client()
    stranger.force_login(cast.mei)
    for page in ("", "new/", "guide/", f"{exchange.pk}/", f"{exchange.pk}/events/"):
        assert stranger.get(f"/settings/exchanges/{page}").status_code == 403
    for page in ("renew/", "revoke/", "extensions/", "extensions/free/"):
        assert stranger.post(f"/settings/exchanges/{exchange.pk}/{page}").status_code == 403
