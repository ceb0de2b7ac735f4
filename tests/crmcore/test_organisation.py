"""The organisation of a customer: units, heads, places from and to, important dates; pages, rights and API."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from crmcore.actions import customers
from crmcore.actions.organisation import change_place, remove_unit, save_date, save_unit
from crmcore.models import Account, AccountContact, AuditEntry, ImportantDate, Unit
from crmcore.queries.organisation import dates_of, organisation_of
from tests.cast import Cast
from tests.crmcore.conftest import signed_in
from tests.crmcore.test_api import client_of

LUNAR = ImportantDate.Calendar.LUNAR


@pytest.fixture
def dana(cast: Cast, ellery: Account) -> AccountContact:
    person = customers.create_contact(by=cast.mei, name="Dana Whitlock", account=ellery, is_primary=True)
    return AccountContact.objects.get(contact=person)


@pytest.fixture
def purchasing(cast: Cast, ellery: Account, dana: AccountContact) -> Unit:
    return save_unit(Unit(account=ellery), by=cast.mei, name="Purchasing", head=dana)


def test_units_stand_below_one_another_with_their_people(
    cast: Cast, ellery: Account, dana: AccountContact, purchasing: Unit
) -> None:
    stores = save_unit(Unit(account=ellery), by=cast.mei, name="Stores", parent=purchasing)
    change_place(dana, by=cast.mei, unit=stores, decision_role="decides", position="Buyer")
    rows = [(row.unit, row.depth, row.head, row.people) for row in organisation_of(ellery, cast.mei)]
    assert rows == [(purchasing, 0, dana, []), (stores, 1, None, [dana])]


def test_a_unit_cannot_stand_below_itself(cast: Cast, ellery: Account, purchasing: Unit) -> None:
    stores = save_unit(Unit(account=ellery), by=cast.mei, name="Stores", parent=purchasing)
    with pytest.raises(ValidationError) as refused:
        save_unit(purchasing, by=cast.mei, parent=stores)
    assert list(refused.value.message_dict) == ["parent"]


def test_head_unit_and_parent_belong_to_the_same_customer(cast: Cast, dana: AccountContact, purchasing: Unit) -> None:
    other = customers.create_account(by=cast.mei, name="Other")
    with pytest.raises(ValidationError):
        save_unit(Unit(account=other), by=cast.mei, name="Office", head=dana)
    with pytest.raises(ValidationError):
        save_unit(Unit(account=other), by=cast.mei, name="Office", parent=purchasing)
    office = save_unit(Unit(account=other), by=cast.mei, name="Office")
    with pytest.raises(ValidationError):
        change_place(dana, by=cast.mei, unit=office)


def test_a_name_stands_once_per_customer(cast: Cast, ellery: Account, purchasing: Unit) -> None:
    with pytest.raises(ValidationError):
        save_unit(Unit(account=ellery), by=cast.mei, name="Purchasing")


def test_a_removed_unit_leaves_its_people_and_the_units_below(
    cast: Cast, ellery: Account, dana: AccountContact, purchasing: Unit
) -> None:
    stores = save_unit(Unit(account=ellery), by=cast.mei, name="Stores", parent=purchasing)
    change_place(dana, by=cast.mei, unit=purchasing)
    remove_unit(purchasing, by=cast.mei)
    dana.refresh_from_db()
    stores.refresh_from_db()
    assert (dana.unit, stores.parent) == (None, None)
    assert AuditEntry.objects.filter(verb="unit.removed").exists()


def test_who_leaves_is_the_main_contact_no_more(cast: Cast, dana: AccountContact) -> None:
    change_place(dana, by=cast.mei, joined_on=date(2020, 1, 1), left_on=date(2026, 10, 31))
    dana.refresh_from_db()
    assert not dana.is_primary


def test_nobody_leaves_before_coming(cast: Cast, dana: AccountContact) -> None:
    with pytest.raises(ValidationError):
        change_place(dana, by=cast.mei, joined_on=date(2026, 1, 1), left_on=date(2025, 1, 1))


def test_only_who_may_edit_the_customer_changes_its_organisation(cast: Cast, ellery: Account) -> None:
    with pytest.raises(PermissionDenied):
        save_unit(Unit(account=ellery), by=cast.zhao, name="Mine")
    with pytest.raises(PermissionDenied):
        save_date(ImportantDate(account=ellery), by=cast.zhao, occasion="Day", month=1, day=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"month": 4, "day": 31},
        {"month": 13, "day": 1},
        {"month": 1, "day": 0},
        {"month": 2, "day": 30},
        {"month": 8, "day": 31, "calendar": LUNAR},
        {"month": 1, "day": 1, "occasion": ""},
    ],
)
def test_a_day_that_is_none_is_refused(cast: Cast, ellery: Account, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        save_date(ImportantDate(account=ellery), by=cast.mei, **({"occasion": "Founding day"} | wrong))


def test_the_database_refuses_a_lunar_31st(ellery: Account) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportantDate.objects.create(account=ellery, occasion="x", calendar=LUNAR, month=1, day=31)


def test_the_soonest_date_comes_first_whatever_its_calendar(cast: Cast, ellery: Account, dana: AccountContact) -> None:
    founded = save_date(ImportantDate(account=ellery), by=cast.mei, occasion="Founding day", month=12, day=1)
    birthday = save_date(
        ImportantDate(account=ellery),
        by=cast.mei,
        contact=dana.contact,
        occasion="Birthday",
        calendar=LUNAR,
        month=8,
        day=15,
    )
    rows = dates_of(ellery, cast.mei, date(2026, 9, 1))
    assert rows == [(date(2026, 9, 25), birthday), (date(2026, 12, 1), founded)]


def test_the_pages_show_units_roles_and_dates(cast: Cast, ellery: Account, dana: AccountContact) -> None:
    mei = signed_in(cast.mei)
    mei.post(f"/crm/accounts/{ellery.pk}/units/new/", {"name": "采购部", "head": dana.pk})
    unit = Unit.objects.get(name="采购部")
    typed = {"unit": unit.pk, "position": "Buyer", "decision_role": "decides", "is_primary": "on"}
    assert mei.post(f"/crm/memberships/{dana.pk}/edit/", typed | {"joined_on": "2024-05-01"}).status_code == 302
    page = mei.get(f"/crm/accounts/{ellery.pk}/people/").content.decode()
    assert [words for words in ("采购部", "Buyer", "Decides", "Main contact", "Head") if words not in page] == []
    day = {"occasion": "Birthday", "contact": dana.contact_id, "calendar": "lunar", "month": "6", "day": "1"}
    mei.post(f"/crm/accounts/{ellery.pk}/dates/new/", day | {"is_leap_month": "on"})
    assert "闰六月初一" in mei.get(f"/crm/accounts/{ellery.pk}/dates/").content.decode()
    row = ImportantDate.objects.get()
    wrong = mei.post(f"/crm/dates/{row.pk}/edit/", day | {"day": "31"})
    assert wrong.status_code == 422
    mei.post(f"/crm/dates/{row.pk}/remove/")
    mei.post(f"/crm/units/{unit.pk}/remove/")
    assert not ImportantDate.objects.exists()
    assert not Unit.objects.exists()


@pytest.mark.parametrize("address", ["accounts/{0}/people/", "accounts/{0}/dates/", "accounts/{0}/units/new/"])
def test_customers_of_the_portal_have_no_such_pages(cast: Cast, ellery: Account, address: str) -> None:
    assert signed_in(cast.zhao).get(f"/crm/{address.format(ellery.pk)}").status_code == 403


def test_the_api_keeps_units_and_dates(cast: Cast, ellery: Account, dana: AccountContact) -> None:
    mei = client_of(cast.mei)
    unit = mei.post("/api/v1/units/", {"account": ellery.pk, "name": "Stores", "head": dana.pk}, "json")
    assert unit.status_code == 201, unit.content
    assert mei.patch(f"/api/v1/units/{unit.json()['id']}/", {"name": "Store"}, "json").json()["name"] == "Store"
    facts = {"account": ellery.pk, "occasion": "Feast", "calendar": "lunar", "month": 8, "day": 15}
    made = mei.post("/api/v1/important-dates/", facts, "json")
    assert made.status_code == 201, made.content
    assert made.json()["next_on"] > "2026"
    assert mei.post("/api/v1/important-dates/", facts | {"day": 31}, "json").status_code == 400
    assert mei.delete(f"/api/v1/important-dates/{made.json()['id']}/").status_code == 204
    assert not ImportantDate.objects.exists()
