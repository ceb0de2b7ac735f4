"""The settings of field work: terms, technicians, firms with their people; only for who may edit settings."""

import pytest
from django.test import Client

from crmcore.models import Calendar, Firm, User
from tests.cast import Cast, make_cast
from tickets.models import FieldTerms, Technician

TERMS = {"slot_minutes": "90", "notice_hours": "2", "days_ahead": "7", "repeat_days": "14"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


def test_terms_are_set_and_bad_ones_are_said(ada: Client) -> None:
    assert ada.post("/settings/field-terms/", TERMS).status_code == 302
    terms = FieldTerms.current()
    assert (terms.slot_minutes, terms.repeat_days, terms.customers_book) == (90, 14, False)
    assert ada.post("/settings/field-terms/", TERMS | {"slot_minutes": "7"}).status_code == 422


def test_a_technician_is_named_and_changed(ada: Client, cast: Cast) -> None:
    calendar = Calendar.objects.create(code="day", name="Day")
    form = {"user": cast.mei.pk, "calendar": calendar.pk, "most_a_day": "5", "is_active": "on"}
    assert ada.post("/settings/technicians/new/", form | {"queues": [cast.support_queue.pk]}).status_code == 302
    one = Technician.objects.get(user=cast.mei)
    assert list(one.queues.all()) == [cast.support_queue]
    assert ada.post("/settings/technicians/new/", form).status_code == 422
    assert ada.post(f"/settings/technicians/{one.pk}/", form | {"most_a_day": "3"}).status_code == 302
    one.refresh_from_db()
    assert one.most_a_day == 3


def test_people_of_a_firm_are_let_in_once_and_locked(ada: Client) -> None:
    firm = Firm.objects.create(code="roofers", name="Roofers")
    people = f"/settings/firms/{firm.pk}/people/"
    page = ada.post(people, {"name": "Rita", "username": "rita"}, follow=True).content.decode()
    assert "Rita signs in as rita" in page
    ada.post(people, {"name": "Another", "username": "rita"})
    rita = User.objects.get(username="rita")
    assert (rita.name, rita.kind, rita.firm) == ("Rita", "partner", firm)
    ada.post(f"{people}{rita.pk}/lock/", {"locked": "1"})
    rita.refresh_from_db()
    assert not rita.is_active
    other = Firm.objects.create(code="others", name="Others")
    assert ada.post(f"/settings/firms/{other.pk}/people/{rita.pk}/lock/", {"locked": "0"}).status_code == 404


@pytest.mark.parametrize("page", ["field-terms", "technicians", "firms", "visit-failures", "visit-checks"])
def test_agents_set_nothing(client: Client, cast: Cast, page: str) -> None:
    client.force_login(cast.mei)
    assert client.get(f"/settings/{page}/").status_code == 403
