"""Finding customers."""

import pytest

from crmcore.actions import customers
from crmcore.actions.contact_points import NewPoint
from crmcore.models import Account, Contact
from crmcore.queries.customers import find_by_phone, search_accounts, search_contacts
from tests.cast import Cast

NUMBER = "+12025550147"


def person(name: str, *points: NewPoint, account: Account | None = None) -> Contact:
    return customers.create_contact(by=None, name=name, account=account, points=points)


def names(cast: Cast, typed: str) -> list[str]:
    return [contact.name for contact in search_contacts(typed, user=cast.mei)]


@pytest.mark.parametrize("typed", ["shan", "stf", "dan", "dtf", "单田芳", "單田", "田芳"])
def test_every_reading_of_a_name_finds_it(cast: Cast, typed: str) -> None:
    person("单田芳")
    person("李娜")
    assert names(cast, typed) == ["单田芳"]


@pytest.mark.parametrize(
    "typed", ["0147", "550147", "202-555-0147", "+1 202 555 0147", "dana.w@example.com", "whitl", "Dana W"]
)
def test_person_is_found_by_number_address_and_name(cast: Cast, typed: str) -> None:
    person("Dana Whitlock", NewPoint("phone", NUMBER), NewPoint("email", "dana.w@example.com"))
    person("Owen Prasad")
    assert names(cast, typed) == ["Dana Whitlock"]


def test_exact_name_comes_first_then_beginnings(cast: Cast) -> None:
    for name in ["Lina Hartog", "Lin Nan", "Lin"]:
        person(name)
    assert names(cast, "lin") == ["Lin", "Lin Nan", "Lina Hartog"]


def test_inactive_and_merged_are_not_found(cast: Cast) -> None:
    survivor, merged, gone = person("Dana One"), person("Dana Two"), person("Dana Three")
    Contact.objects.filter(pk=merged.pk).update(merged_into=survivor)
    Contact.objects.filter(pk=gone.pk).update(is_active=False)
    assert names(cast, "dana") == ["Dana One"]


def test_nothing_matches_what_has_no_letters(cast: Cast) -> None:
    person("Dana Whitlock")
    assert names(cast, "?!") == []


def test_account_is_found_by_its_code(cast: Cast) -> None:
    account = customers.create_account(by=None, name="Calder Mills", code="KW-A-1024")
    for typed in ("kw-a-1024", "1024", "calder"):
        assert search_accounts(typed, user=cast.mei) == [account]


def test_customer_finds_only_themselves(cast: Cast) -> None:
    person("赵敏")
    customers.update_contact(cast.zhao.contact, by=None, name="赵 敏")
    assert [contact.pk for contact in search_contacts("赵敏", user=cast.zhao)] == [cast.zhao.contact_id]


def test_phone_finds_each_holder_with_the_account(cast: Cast, ellery: Account) -> None:
    dana = person("Dana Whitlock", NewPoint("phone", NUMBER), account=ellery)
    (holder,) = find_by_phone(NUMBER)
    assert (holder.account, holder.contact, holder.is_shared) == (ellery, dana, False)


def test_two_people_of_one_number_are_both_found(cast: Cast) -> None:
    home = customers.create_account(by=None, name="王芳 家", kind="household")
    pair = {person(name, NewPoint("phone", NUMBER), account=home) for name in ("王芳", "陈立群")}
    found = find_by_phone(NUMBER)
    assert {holder.contact for holder in found} == pair
    assert {holder.account for holder in found} == {home}


def test_contact_in_two_accounts_is_found_in_both(cast: Cast, ellery: Account) -> None:
    dana = person("Dana Whitlock", NewPoint("phone", NUMBER), account=ellery)
    customers.link_contact(cast.account, dana, by=None)
    assert {holder.account for holder in find_by_phone(NUMBER)} == {ellery, cast.account}


def test_switchboard_is_flagged_as_shared(cast: Cast) -> None:
    account = customers.create_account(by=None, name="Calder", points=[NewPoint("phone", NUMBER, is_shared=True)])
    (holder,) = find_by_phone(NUMBER)
    assert (holder.account, holder.contact, holder.is_shared) == (account, None, True)


def test_inactive_contact_never_pops(cast: Cast) -> None:
    dana = person("Dana Whitlock", NewPoint("phone", NUMBER))
    customers.update_contact(dana, by=None, is_active=False)
    assert find_by_phone(NUMBER) == []


def test_inactive_account_never_pops(cast: Cast) -> None:
    account = customers.create_account(by=None, name="Calder", points=[NewPoint("phone", NUMBER)])
    customers.update_account(account, by=None, is_active=False)
    assert find_by_phone(NUMBER) == []


def test_merged_contact_redirects_to_the_survivor(cast: Cast) -> None:
    merged, survivor = person("王 芳", NewPoint("phone", NUMBER)), person("王芳")
    Contact.objects.filter(pk=merged.pk).update(merged_into=survivor)
    assert [holder.contact for holder in find_by_phone(NUMBER)] == [survivor]


def test_fax_does_not_pop(cast: Cast) -> None:
    person("Dana Whitlock", NewPoint("fax", NUMBER))
    assert find_by_phone(NUMBER) == []


def test_part_of_a_number_does_not_pop(cast: Cast) -> None:
    person("Dana Whitlock", NewPoint("phone", NUMBER))
    assert find_by_phone("+2025550147") == []


def test_look_up_costs_the_same_for_one_and_for_many(
    cast: Cast, ellery: Account, django_assert_num_queries: object
) -> None:
    for number in range(5):
        person(f"Person {number}", NewPoint("phone", NUMBER), account=ellery)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(find_by_phone(NUMBER)) == 5
