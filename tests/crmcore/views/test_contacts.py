"""The pages of people."""

import pytest
from django.test import Client

from crmcore.actions import customers
from crmcore.actions.contact_points import NewPoint
from crmcore.models import Account, Contact
from tests.cast import Cast
from tests.crmcore.conftest import signed_in

NO_POINTS = {"points-TOTAL_FORMS": "0", "points-INITIAL_FORMS": "0"}


@pytest.fixture
def mei(cast: Cast) -> Client:
    return signed_in(cast.mei)


@pytest.fixture
def dana(cast: Cast, ellery: Account) -> Contact:
    return customers.create_contact(
        by=None, name="Dana Whitlock", account=ellery, points=[NewPoint("phone", "+12025550147")]
    )


def test_page_shows_numbers_as_people_write_them(mei: Client, dana: Contact) -> None:
    html = mei.get(f"/crm/contacts/{dana.pk}/").content.decode()
    assert "+1 202-555-0147" in html
    assert "Port Ellery Logistics" in html


def test_pinyin_stands_beside_a_chinese_name(cast: Cast, mei: Client) -> None:
    contact = customers.create_contact(by=None, name="单田芳")
    assert "Shan Tianfang" in mei.get(f"/crm/contacts/{contact.pk}/").content.decode()


def test_merged_contact_redirects_to_the_survivor(cast: Cast, mei: Client, dana: Contact) -> None:
    merged = customers.create_contact(by=None, name="Dana W")
    Contact.objects.filter(pk=merged.pk).update(merged_into=dana)
    assert mei.get(f"/crm/contacts/{merged.pk}/")["Location"] == f"/crm/contacts/{dana.pk}/"


def test_contact_is_created_in_its_account(cast: Cast, mei: Client, ellery: Account) -> None:
    body = {**NO_POINTS, "name": "Owen", "account": ellery.pk, "decision_role": "decides", "is_primary": "on"}
    assert mei.post("/crm/contacts/new/", body)["Location"] == f"/crm/accounts/{ellery.pk}/"
    membership = ellery.memberships.get()
    assert (membership.contact.name, membership.decision_role, membership.is_primary) == ("Owen", "decides", True)


def test_contact_without_an_account_has_a_page(cast: Cast, mei: Client) -> None:
    answer = mei.post("/crm/contacts/new/", {**NO_POINTS, "name": "李", "decision_role": "none"})
    assert answer["Location"] == f"/crm/contacts/{Contact.objects.get(name='李').pk}/"


def test_form_names_the_account(mei: Client, ellery: Account) -> None:
    html = mei.get(f"/crm/contacts/new/?account={ellery.pk}&phone=13800138000").content.decode()
    assert "Port Ellery Logistics" in html
    assert 'value="13800138000"' in html


def test_number_is_marked_as_verified(mei: Client, dana: Contact) -> None:
    point = dana.points.get()
    assert mei.post(f"/crm/points/{point.pk}/verify/")["Location"] == f"/crm/contacts/{dana.pk}/"
    point.refresh_from_db()
    assert point.verified_at is not None


def test_duplicates_are_named_while_typing(mei: Client, dana: Contact) -> None:
    typed = {"points-TOTAL_FORMS": "1", "points-INITIAL_FORMS": "0", "name": "Dana Whitlock"}
    typed |= {"points-0-kind": "phone", "points-0-raw": "+12025550147"}
    assert f"/crm/contacts/{dana.pk}/" in mei.post("/crm/contacts/duplicates/", typed).content.decode()
    besides = mei.post(f"/crm/contacts/duplicates/?besides={dana.pk}", typed)
    assert besides.context["suspects"] == []


def test_inactive_is_said(mei: Client, dana: Contact) -> None:
    customers.update_contact(dana, by=None, is_active=False)
    assert "Inactive" in mei.get(f"/crm/contacts/{dana.pk}/").content.decode()
