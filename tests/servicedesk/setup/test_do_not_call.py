"""The do-not-call list: kept by supervisors, read in any written form, undone with a trace."""

import pytest
from django.test import Client

from crmcore.models import AuditEntry, User
from telephony.models import DoNotCallNumber
from telephony.queries.dialling import is_opted_out
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db

ADDRESS = "/settings/do-not-call/"
NUMBER = "+8613800138001"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("written", ["138 0013 8001", NUMBER, "0086-138-0013-8001"])
def test_number_is_forbidden_however_it_is_written(cast: Cast, written: str) -> None:
    for _ in range(2):
        assert as_(cast.sun).post(ADDRESS, {"number": written, "note": "by letter"}).status_code == 302
    assert is_opted_out(NUMBER) and DoNotCallNumber.objects.get().by == cast.sun
    assert "by letter" in as_(cast.sun).get(ADDRESS, {"q": "8001"}).content.decode()
    assert "by letter" not in as_(cast.sun).get(ADDRESS, {"q": "9999"}).content.decode()


def test_what_is_no_number_is_said_and_kept(cast: Cast) -> None:
    response = as_(cast.sun).post(ADDRESS, {"number": "12ab", "note": "keep me"})
    assert response.status_code == 422 and "keep me" in response.content.decode()
    assert not DoNotCallNumber.objects.exists()


def test_number_taken_off_leaves_a_trace(cast: Cast) -> None:
    as_(cast.sun).post(ADDRESS, {"number": NUMBER})
    entry = DoNotCallNumber.objects.get()
    assert as_(cast.sun).post(f"{ADDRESS}{entry.pk}/allow/").status_code == 302
    assert not is_opted_out(NUMBER)
    assert AuditEntry.objects.get(verb="number.allowed").detail == {"number": NUMBER}


def test_agents_and_customers_do_not_open_it(cast: Cast) -> None:
    for stranger in (cast.mei, cast.zhao):
        assert as_(stranger).get(ADDRESS).status_code == 403
        assert as_(stranger).post(ADDRESS, {"number": NUMBER}).status_code == 403
