"""The settings of code lists: one list at a time, its entries added, renamed, ordered and retired."""

import pytest
from django.test import Client

from crmcore.models import CodeEntry, CodeList
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ada(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ada)
    return client


@pytest.mark.parametrize("which", CodeList.values)
def test_every_list_shows_its_entries(ada: Client, which: str) -> None:
    page = ada.get("/settings/lists/", {"list": which}).content.decode()
    assert all(entry.code in page for entry in CodeEntry.objects.filter(list=which))


def test_a_new_entry_goes_to_the_end_of_its_list_and_back_to_that_list(ada: Client) -> None:
    answer = ada.post("/settings/lists/industry/new/", {"name": "Shipping", "name_zh": "航运"})
    assert answer["Location"] == "/settings/lists/?list=industry"
    made = CodeEntry.objects.get(name="Shipping")
    assert (made.list, made.code) == ("industry", "shipping")
    assert CodeEntry.objects.filter(list="industry").last() == made


def test_a_retired_entry_leaves_the_pickers_and_stays_with_those_who_have_it(ada: Client, cast: Cast) -> None:
    event = CodeEntry.objects.get(list="source", code="event")
    cast.account.source = event
    cast.account.save()
    ada.post(f"/settings/lists/source/{event.pk}/retire/", {"in_use": "0"})
    choice = f'<option value="{event.pk}"'
    assert choice not in ada.get("/crm/accounts/new/").content.decode()
    assert f"{choice} selected" in ada.get(f"/crm/accounts/{cast.account.pk}/edit/").content.decode()


@pytest.mark.parametrize("address", ["/settings/lists/nothing/new/", "/settings/lists/status/{source}/"])
def test_a_list_that_is_not_and_an_entry_of_another_list_are_not_found(ada: Client, address: str) -> None:
    source = CodeEntry.objects.filter(list="source").values_list("pk", flat=True)[0]
    assert ada.get(address.format(source=source)).status_code == 404


def test_the_lists_open_for_those_who_may_change_the_settings(cast: Cast, client: Client) -> None:
    client.force_login(cast.mei)
    assert client.get("/settings/lists/").status_code == 403
    assert client.post("/settings/lists/source/new/", {"name": "Radio"}).status_code == 403
