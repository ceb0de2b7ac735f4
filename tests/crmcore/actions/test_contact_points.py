"""Writing the ways to reach a customer."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from crmcore.actions import contact_points, customers
from crmcore.actions.contact_points import NewPoint
from crmcore.models import Account, Contact, User
from tests.cast import Cast


@pytest.fixture
def dana(cast: Cast, ellery: Account) -> Contact:
    return customers.create_contact(by=cast.mei, name="Dana Whitlock", account=ellery, time_zone="America/New_York")


@pytest.mark.parametrize(
    "raw",
    ["(202) 555-0147", "２０２ ５５５ ０１４７", "+1 202/555 0147", "001 202 555 0147", "2025550147 ext 12"],
)
def test_number_is_stored_as_e164_beside_what_was_typed(cast: Cast, dana: Contact, raw: str) -> None:
    point = contact_points.add_point(dana, NewPoint("phone", raw), by=cast.mei)
    assert (point.value, point.raw) == ("+12025550147", raw)


def test_same_number_twice_is_one_point(cast: Cast, dana: Contact) -> None:
    first = contact_points.add_point(dana, NewPoint("phone", "202-555-0147"), by=cast.mei)
    again = contact_points.add_point(dana, NewPoint("phone", "+12025550147"), by=cast.mei)
    assert first == again


def test_number_belongs_to_the_country_of_the_customer_then_of_the_writer(cast: Cast) -> None:
    contact = customers.create_contact(by=cast.mei, name="王芳")
    User.objects.filter(pk=cast.mei.pk).update(time_zone="Europe/London")
    cast.mei.refresh_from_db()
    assert contact_points.add_point(contact, NewPoint("phone", "020 7946 0018"), by=cast.mei).value == "+442079460018"
    contact.time_zone = "Asia/Shanghai"
    assert contact_points.add_point(contact, NewPoint("phone", "13800138000"), by=cast.mei).value == "+8613800138000"


@pytest.mark.parametrize(
    ("kind", "raw"), [("phone", "anonymous"), ("phone", ""), ("email", "not-an-address"), ("wechat", " ")]
)
def test_what_cannot_reach_anyone_is_refused(cast: Cast, dana: Contact, kind: str, raw: str) -> None:
    with pytest.raises(ValidationError):
        contact_points.add_point(dana, NewPoint(kind, raw), by=cast.mei)


def test_short_code_is_storable(cast: Cast, dana: Contact) -> None:
    dana.time_zone = "Asia/Shanghai"
    assert contact_points.add_point(dana, NewPoint("phone", "95588"), by=cast.mei).value == "95588"


def test_ids_and_addresses_are_folded(cast: Cast, dana: Contact) -> None:
    assert (
        contact_points.add_point(dana, NewPoint("email", " Dana@Example.COM "), by=cast.mei).value == "dana@example.com"
    )
    assert contact_points.add_point(dana, NewPoint("wechat", "Wx_Dana"), by=cast.mei).value == "wx_dana"


def test_points_keep_the_search_keys(cast: Cast, dana: Contact) -> None:
    point = contact_points.add_point(dana, NewPoint("phone", "202-555-0147"), by=cast.mei)
    dana.refresh_from_db()
    assert "0147" in dana.search_keys
    contact_points.remove_point(point, by=cast.mei)
    dana.refresh_from_db()
    assert "0147" not in dana.search_keys


def test_removing_twice_is_no_error(cast: Cast, dana: Contact) -> None:
    point = contact_points.add_point(dana, NewPoint("phone", "202-555-0147"), by=cast.mei)
    for _ in range(2):
        contact_points.remove_point(point, by=cast.mei)


def test_one_point_of_a_kind_is_preferred(cast: Cast, dana: Contact) -> None:
    first = contact_points.add_point(dana, NewPoint("phone", "202-555-0147", is_preferred=True), by=cast.mei)
    second = contact_points.add_point(dana, NewPoint("phone", "202-555-0148"), by=cast.mei)
    contact_points.change_point(second, by=cast.mei, is_preferred=True)
    first.refresh_from_db()
    assert not first.is_preferred


def test_first_verification_counts(cast: Cast, dana: Contact) -> None:
    point = contact_points.add_point(dana, NewPoint("phone", "202-555-0147"), by=cast.mei)
    moment = contact_points.verify_point(point, by=cast.mei).verified_at
    assert moment is not None
    assert contact_points.verify_point(point, by=cast.mei).verified_at == moment


def test_remembered_number_is_verified(cast: Cast, dana: Contact) -> None:
    point = contact_points.remember_number(dana, "+12025550147", by=cast.mei)
    assert (point.source, point.verified_at is not None) == ("call", True)


def test_remembering_a_known_number_verifies_it(cast: Cast, dana: Contact) -> None:
    contact_points.add_point(dana, NewPoint("phone", "202-555-0147"), by=cast.mei)
    assert contact_points.remember_number(dana, "+12025550147", by=cast.mei).verified_at is not None


def test_customer_may_not_add_points_here(cast: Cast, dana: Contact) -> None:
    with pytest.raises(PermissionDenied):
        contact_points.add_point(dana, NewPoint("phone", "202-555-0147"), by=cast.zhao)


def test_number_itself_does_not_change(cast: Cast, dana: Contact) -> None:
    point = contact_points.add_point(dana, NewPoint("phone", "202-555-0147"), by=cast.mei)
    with pytest.raises(TypeError):
        contact_points.change_point(point, by=cast.mei, value="+12025550148")
