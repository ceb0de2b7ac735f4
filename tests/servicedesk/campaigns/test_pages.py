"""Campaign pages: who may open them, what they say, and that a form keeps what was typed."""

import csv

import pytest
from django.test import Client

from crmcore import clock
from crmcore.models import AuditEntry, User
from telephony.campaign_rules import AttemptResult
from telephony.models import Campaign, CampaignAttempt, CampaignRule, CampaignTarget
from tests.cast import Cast
from tests.servicedesk.campaigns.calls import a_call
from tests.servicedesk.campaigns.test_filling import ONE, THREE, TWO, as_

FORM = {
    "name": "Spring",
    "name_zh": "春季回访",
    "mode": "preview",
    "script": "Hello",
    "days": ["0", "1"],
    "opens": "09:00",
    "closes": "17:30",
    "max_attempts": "4",
    "abandon_cap": "3",
    "abandon_hours": "24",
}


def filled_form(page: str, cast: Cast, **changes: object) -> dict[str, object]:
    """The form with the rule rows that the page shows."""
    rules = {}
    for prefix in {part.split('"')[0].rpartition("-")[0] for part in page.split('name="rule-')[1:]}:
        rules |= {f"rule-{prefix}-action": "again", f"rule-{prefix}-attempts": 2, f"rule-{prefix}-gap_minutes": 30}
    return {**FORM, "queue": cast.support_queue.pk, **rules, **changes}


def test_campaign_is_written_and_led_on_to_be_filled(cast: Cast) -> None:
    browser = as_(cast.sun)
    page = browser.get("/campaigns/new/").content.decode()
    response = browser.post("/campaigns/new/", filled_form(page, cast))
    campaign = Campaign.objects.get()
    assert response.headers["Location"] == f"/campaigns/{campaign.pk}/fill/"
    assert (campaign.days, campaign.name_zh, campaign.state) == ([0, 1], "春季回访", "draft")
    assert campaign.rules.get(result=AttemptResult.BUSY).gap_minutes == 30
    assert CampaignRule.objects.filter(campaign=campaign, outcome__isnull=False).exists()


def test_faulty_form_keeps_what_was_typed(cast: Cast) -> None:
    browser = as_(cast.sun)
    page = browser.get("/campaigns/new/").content.decode()
    response = browser.post("/campaigns/new/", filled_form(page, cast, closes="08:00", script="Keep me"))
    shown = response.content.decode()
    assert response.status_code == 422 and "Must be later" in shown and "Keep me" in shown
    assert not Campaign.objects.exists()


def test_supervisor_writes_no_campaign_of_another_team(cast: Cast) -> None:
    browser = as_(cast.sun)
    page = browser.get("/campaigns/new/").content.decode()
    response = browser.post("/campaigns/new/", filled_form(page, cast, queue=cast.billing_queue.pk))
    assert response.status_code == 422 and not Campaign.objects.exists()


@pytest.mark.parametrize("address", ["", "edit/", "fill/", "results/", "figures/"])
def test_other_teams_and_customers_see_nothing(cast: Cast, campaign: Campaign, address: str) -> None:
    for stranger in (cast.omar, cast.zhao):
        assert as_(stranger).get(f"/campaigns/{campaign.pk}/{address}").status_code in (403, 404)
    assert Client().get(f"/campaigns/{campaign.pk}/{address}").status_code == 302


@pytest.mark.parametrize("address", ["edit/", "fill/", "results/"])
def test_agent_looks_but_does_not_change_or_take_away(cast: Cast, campaign: Campaign, address: str) -> None:
    assert as_(cast.mei).get(f"/campaigns/{campaign.pk}/").status_code == 200
    assert as_(cast.mei).get(f"/campaigns/{campaign.pk}/{address}").status_code == 403
    assert as_(cast.mei).post(f"/campaigns/{campaign.pk}/state/", {"to": "running"}).status_code == 403


def test_start_says_what_is_missing(cast: Cast, campaign: Campaign) -> None:
    response = as_(cast.sun).post(f"/campaigns/{campaign.pk}/state/", {"to": "running"}, follow=True)
    assert "nobody to call yet" in response.content.decode()


def test_started_paused_and_resumed(cast: Cast, campaign: Campaign) -> None:
    CampaignTarget.objects.create(campaign=campaign, number=ONE, next_at=clock.now())
    for to in ("running", "running", "paused", "running"):
        as_(cast.sun).post(f"/campaigns/{campaign.pk}/state/", {"to": to})
        campaign.refresh_from_db()
        assert campaign.state == to
    assert AuditEntry.objects.filter(verb="campaign.running").count() == 2


def test_desk_that_cannot_dial_says_so_and_offers_no_start(cast: Cast, campaign: Campaign) -> None:
    Campaign.objects.update(is_demo=False)
    page = as_(cast.sun).get(f"/campaigns/{campaign.pk}/").content.decode()
    assert 'value="running"' in page
    from_nowhere = pytest.MonkeyPatch()
    from_nowhere.setattr("servicedesk.campaigns.views.route_to", lambda **_way: None)
    page = as_(cast.sun).get(f"/campaigns/{campaign.pk}/").content.decode()
    from_nowhere.undo()
    assert 'value="running"' not in page and "cannot call out yet" in page


def an_attempt(campaign: Campaign, agent: User, number: str, result: str) -> None:
    now = clock.now()
    closed = CampaignTarget.State.DONE
    target = CampaignTarget.objects.create(campaign=campaign, number=number, state=closed, closed_at=now, attempts=1)
    call = a_call(campaign, agent, number, now)
    CampaignAttempt.objects.create(target=target, call=call, agent=agent, mode="preview", started_at=now, result=result)


def test_contact_rate_stands_with_its_formula(cast: Cast, campaign: Campaign) -> None:
    for number, result in ((ONE, "answered"), (TWO, "busy"), (THREE, "not_dialled")):
        an_attempt(campaign, cast.mei, number, result)
    page = as_(cast.sun).get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "1 spoken to ÷ 2 attempts" in page and "50.0" in page


def test_results_are_a_file_and_leave_a_trace(cast: Cast, campaign: Campaign) -> None:
    CampaignTarget.objects.create(campaign=campaign, number=ONE, name="=cmd()", next_at=clock.now())
    response = as_(cast.sun).get(f"/campaigns/{campaign.pk}/results/")
    rows = list(csv.reader(response.content.decode("utf-8-sig").splitlines()))
    assert rows[1][:3] == ["'=cmd()", "138 0013 8001", "To be called"]
    assert AuditEntry.objects.filter(verb="campaign.exported", actor=cast.sun).exists()


def test_list_costs_the_same_for_many(cast: Cast, campaign: Campaign, django_assert_max_num_queries: object) -> None:
    for n in range(8):
        Campaign.objects.create(name=f"C{n}", queue=cast.support_queue, created_at=clock.now())
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        assert as_(cast.sun).get("/campaigns/").status_code == 200
