"""Writing accounts, contacts and memberships."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from crmcore.actions import customers, people
from crmcore.actions.contact_points import NewPoint
from crmcore.models import Account, AccountContact, AuditEntry, Contact, LiveEvent, User
from tests.cast import Cast

PHONE = NewPoint("phone", "202-555-0147")


def topics() -> set[str]:
    return set(LiveEvent.objects.values_list("topic", flat=True))


def test_account_gets_a_code_keys_and_normalised_points(cast: Cast) -> None:
    account = customers.create_account(
        by=cast.mei,
        name=" Calder Mills ",
        time_zone="America/New_York",
        points=[PHONE, NewPoint("email", "Info@Calder.example")],
    )
    assert account.name == "Calder Mills"
    assert account.code.startswith("C-")
    assert set(account.points.values_list("value", flat=True)) == {"+12025550147", "info@calder.example"}
    assert {"calder", "0147", "info@calder.example"} <= set(account.search_keys)


def test_creation_is_audited_and_announced(cast: Cast) -> None:
    account = customers.create_account(by=cast.mei, name="Calder Mills")
    entry = AuditEntry.objects.get(verb="account.created", object_id=str(account.pk))
    assert entry.actor == cast.mei
    assert f"account:{account.pk}" in topics()


def test_unreadable_point_leaves_nothing_behind(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        customers.create_account(by=cast.mei, name="Calder Mills", points=[NewPoint("phone", "hello")])
    assert not Account.objects.filter(name="Calder Mills").exists()


def test_customer_may_not_create_accounts(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        customers.create_account(by=cast.zhao, name="Mine")


def test_agent_may_not_give_an_account_to_someone_else(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        customers.create_account(by=cast.mei, name="Calder Mills", owner=cast.omar)


def test_supervisor_may_assign(cast: Cast) -> None:
    assert customers.create_account(by=cast.sun, name="Calder Mills", owner=cast.omar).owner == cast.omar


def test_change_names_what_changed(cast: Cast, ellery: Account) -> None:
    customers.update_account(ellery, by=cast.mei, name="Port Ellery", grade="A", note="")
    entry = AuditEntry.objects.get(verb="account.changed", object_id=str(ellery.pk))
    assert entry.detail == {"name": ["Port Ellery Logistics", "Port Ellery"], "grade": ["", "A"]}


def test_change_of_name_changes_the_keys(cast: Cast, ellery: Account) -> None:
    customers.update_account(ellery, by=cast.mei, name="Harbour Freight")
    ellery.refresh_from_db()
    assert "harbour" in ellery.search_keys
    assert "ellery" not in ellery.search_keys


def test_no_change_leaves_no_trace(cast: Cast, ellery: Account) -> None:
    customers.update_account(ellery, by=cast.mei, name="Port Ellery Logistics")
    assert not AuditEntry.objects.filter(verb="account.changed").exists()


def test_unknown_field_is_refused(cast: Cast, ellery: Account) -> None:
    with pytest.raises(TypeError):
        customers.update_account(ellery, by=cast.mei, code="X")


def test_customer_may_not_change_their_account(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        customers.update_account(cast.account, by=cast.zhao, name="VIP")


@pytest.mark.parametrize("name", ["李", "J", "Nguyễn", "阿依古丽·买买提"])
def test_names_of_any_length_and_script_are_accepted(cast: Cast, name: str) -> None:
    assert customers.create_contact(by=cast.mei, name=name).name == name


def test_contact_is_created_into_its_account(cast: Cast, ellery: Account) -> None:
    contact = customers.create_contact(
        by=cast.mei, name="Dana Whitlock", account=ellery, points=[PHONE], is_primary=True
    )
    membership = AccountContact.objects.get(account=ellery, contact=contact)
    assert membership.is_primary
    assert {f"account:{ellery.pk}", f"contact:{contact.pk}"} <= topics()


def test_linking_twice_is_one_membership(cast: Cast, ellery: Account) -> None:
    contact = customers.create_contact(by=cast.mei, name="Dana Whitlock")
    for _ in range(2):
        customers.link_contact(ellery, contact, by=cast.mei)
    assert ellery.memberships.count() == 1


def test_new_main_contact_takes_the_place_of_the_old(cast: Cast, ellery: Account) -> None:
    first = customers.create_contact(by=cast.mei, name="Dana Whitlock", account=ellery, is_primary=True)
    second = customers.create_contact(by=cast.mei, name="Owen Prasad", account=ellery, is_primary=True)
    primary = ellery.memberships.filter(is_primary=True).values_list("contact_id", flat=True)
    assert list(primary) == [second.pk]
    assert ellery.memberships.filter(contact=first).exists()


def test_unlinking_keeps_the_contact(cast: Cast, ellery: Account) -> None:
    contact = customers.create_contact(by=cast.mei, name="Dana Whitlock", account=ellery)
    customers.unlink_contact(ellery, contact, by=cast.mei)
    assert not ellery.memberships.exists()
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_linking_needs_the_right_to_edit_the_account(cast: Cast, ellery: Account) -> None:
    contact = customers.create_contact(by=cast.mei, name="Dana Whitlock")
    with pytest.raises(PermissionDenied):
        customers.link_contact(ellery, contact, by=cast.zhao)


def test_seller_owns_what_they_create(cast: Cast) -> None:
    seller = _seller(cast)
    assert customers.create_account(by=seller, name="Calder Mills").owner == seller


def test_seller_may_not_link_into_accounts_of_others(cast: Cast, ellery: Account) -> None:
    seller = _seller(cast)
    contact = customers.create_contact(by=seller, name="Dana Whitlock")
    with pytest.raises(PermissionDenied):
        customers.link_contact(ellery, contact, by=seller)


def _seller(cast: Cast) -> User:
    return people.create_user("seller", name="Seller", password="pw", roles=["sales"], teams=[cast.billing], by=None)
