"""The stock-taking of leads, under the reader's rights."""

from datetime import timedelta

import pytest
from django.test import Client

from crmcore import clock
from crmcore.actions.lead_contacts import log_contact
from crmcore.actions.leads import close_lead
from crmcore.actions.reception import record_reception
from crmcore.models import User
from crmcore.queries.lead_figures import losses, stock, traffic
from tests.cast import Cast, make_cast
from tests.crmcore.leads import card, grade, source

REPORT = "/supervisor/reports/leads/"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_stock_is_by_grade_and_age(cast: Cast) -> None:
    now = clock.now()
    for days in (1, 10, 60, 200, 201):
        with clock.at(now - timedelta(days=days)):
            card(cast.mei)
    row = next(row for row in stock(cast.sun, clock.now()) if row.grade == grade("a"))
    assert (row.by_age, row.total, row.overdue) == ([1, 1, 1, 2], 5, 5)


def test_traffic_counts_what_became_of_a_source(cast: Cast) -> None:
    now = clock.now()
    lead = card(cast.mei)
    log_contact(lead, by=cast.mei, method="visit", summary="Saw it", was_demonstrated=True)
    close_lead(lead, to="lost", reason="price", by=cast.mei)
    record_reception(by=cast.mei, arrived_at=now, source=source())
    (part,) = traffic(cast.sun, now - timedelta(days=1), now + timedelta(days=1), "source")
    assert (part.of, part.traffic.cells()) == (source(), [1, 1, 0, 1, 0, 1, 0, 1, 0])
    assert losses(cast.sun, now - timedelta(days=1), now + timedelta(days=1)) == [("price", 1)]


def test_the_page_and_its_file_show_the_same(cast: Cast) -> None:
    close_lead(card(cast.mei), to="lost", reason="price", by=cast.mei)
    html = as_(cast.sun).get(REPORT).content.decode()
    assert "Too expensive" in html
    sheet = as_(cast.sun).get(f"{REPORT}?format=csv").content.decode()
    assert "Why leads ended,Too expensive,Leads,1" in sheet


def test_agents_get_no_report(cast: Cast) -> None:
    assert as_(cast.mei).get(REPORT).status_code == 403


def test_others_cards_are_not_counted(cast: Cast) -> None:
    card(cast.mei)
    assert all(row.total == 0 for row in stock(cast.omar, clock.now()))
