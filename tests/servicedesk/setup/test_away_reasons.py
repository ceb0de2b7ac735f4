"""The list of away reasons: kept by administrators, chosen by agents, read by reports."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from crmcore import clock
from crmcore.models import AgentSegment, AuditEntry, AwayReason
from crmcore.queries.presence import away_reasons, time_away
from tests.cast import Cast, make_cast, ready


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


def codes() -> list[str]:
    return [reason.code for reason in away_reasons()]


def test_new_reason_is_offered_to_agents_at_the_end(admin: Client) -> None:
    admin.post("/settings/away-reasons/new/", {"name": "Stock taking", "name_zh": "盘点", "icon": "icon:tool"})
    assert codes()[-1] == "stock-taking"
    with translation.override("zh-hans"):
        assert [reason.label for reason in away_reasons()][-1] == "盘点"


def test_same_name_twice_gets_codes_of_their_own(admin: Client) -> None:
    for _ in range(2):
        admin.post("/settings/away-reasons/new/", {"name": "Stock taking", "icon": "icon:tool"})
    assert codes()[-2:] == ["stock-taking", "stock-taking-2"]


def test_name_in_chinese_alone_still_gets_a_code(admin: Client) -> None:
    admin.post("/settings/away-reasons/new/", {"name": "盘点", "icon": "icon:tool"})
    assert AwayReason.objects.get(name="盘点").code


def test_reason_without_a_name_is_refused_and_nothing_lost(admin: Client) -> None:
    answer = admin.post("/settings/away-reasons/new/", {"name": "", "name_zh": "盘点", "icon": "icon:tool"})
    assert answer.status_code == 422
    assert "盘点" in answer.content.decode()


def test_retired_reason_keeps_its_name_but_cannot_be_chosen(admin: Client, cast: Cast) -> None:
    meal = AwayReason.objects.get(code="meal")
    admin.post(f"/settings/away-reasons/{meal.pk}/retire/", {"in_use": "0"})
    assert "meal" not in codes()
    agent = Client()
    agent.force_login(cast.mei)
    assert agent.post("/console/state/", {"chosen": "aux", "aux_code": "meal"}).status_code == 400
    assert "Meal" in admin.get("/settings/away-reasons/").content.decode()


def test_retired_reason_is_taken_back(admin: Client) -> None:
    meal = AwayReason.objects.get(code="meal")
    for in_use in ("0", "1"):
        admin.post(f"/settings/away-reasons/{meal.pk}/retire/", {"in_use": in_use})
    assert "meal" in codes()
    assert AuditEntry.objects.filter(verb__in=["awayreason.retired", "awayreason.restored"]).count() == 2


def test_moving_changes_the_order_of_the_menu(admin: Client) -> None:
    first, second, *rest = codes()
    admin.post(f"/settings/away-reasons/{AwayReason.objects.get(code=second).pk}/move/", {"to": "up"})
    assert codes() == [second, first, *rest]


def test_moving_skips_what_is_retired(admin: Client) -> None:
    first, second, third, *rest = codes()
    admin.post(f"/settings/away-reasons/{AwayReason.objects.get(code=second).pk}/retire/", {"in_use": "0"})
    admin.post(f"/settings/away-reasons/{AwayReason.objects.get(code=third).pk}/move/", {"to": "up"})
    assert codes() == [third, first, *rest]


def test_agents_do_not_change_the_list(client: Client, cast: Cast) -> None:
    client.force_login(cast.mei)
    assert client.post("/settings/away-reasons/new/", {"name": "Nap", "icon": "icon:clock"}).status_code == 403
    assert not AwayReason.objects.filter(name="Nap").exists()


def test_board_names_the_reason(client: Client, cast: Cast) -> None:
    ready(cast.mei)
    agent = Client()
    agent.force_login(cast.mei)
    agent.post("/console/state/", {"chosen": "aux", "aux_code": "training"})
    client.force_login(cast.sun)
    assert "Training" in client.get("/supervisor/panels/people/").content.decode()


def test_time_away_counts_only_what_lies_in_the_period(cast: Cast) -> None:
    now = clock.now()
    start = now - timedelta(hours=1)
    AgentSegment.objects.create(
        user=cast.mei, chosen="aux", system="idle", aux_code="meal", started_at=start - timedelta(minutes=10)
    )
    [(reason, time)] = time_away([cast.mei], start, now + timedelta(hours=1), now)
    assert (reason.code, time) == ("meal", timedelta(hours=1))


def test_report_shows_time_away_by_reason(client: Client, cast: Cast) -> None:
    now = clock.now()
    AgentSegment.objects.create(user=cast.mei, chosen="aux", system="idle", aux_code="meal", started_at=now)
    client.force_login(cast.sun)
    assert client.get("/supervisor/reports/agents/").status_code == 200
