"""The directory of outside numbers: kept by administrators, found by agents who pass a call on."""

import pytest
from django.test import Client
from django.utils import translation

from crmcore.models import Grant, User
from servicedesk.console.colleagues import directory
from telephony.models import DirectoryEntry
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


def add(admin: Client, name: str = "Plumber", number: str = "+44 20 7946 0123", **more: str) -> int:
    return admin.post("/settings/directory/new/", {"name": name, "number": number, **more}).status_code


def found(words: str, user: User) -> list[str]:
    return [row.number for row in directory(words, user).numbers]


def test_number_is_kept_as_it_is_dialled_and_shown_as_people_write_it(admin: Client) -> None:
    assert add(admin, note="Weekdays only", note_zh="仅工作日") == 302
    entry = DirectoryEntry.objects.get()
    assert (entry.number, entry.written) == ("+442079460123", "+44 20 7946 0123")
    with translation.override("zh-hans"):
        assert entry.remark == "仅工作日"
    assert "Weekdays only" in admin.get("/settings/directory/").content.decode()


def test_what_is_no_number_is_refused_with_what_was_typed(admin: Client) -> None:
    answer = admin.post("/settings/directory/new/", {"name": "Plumber", "number": "the plumber"})
    assert answer.status_code == 422
    assert "the plumber" in answer.content.decode()


def test_same_number_is_kept_once(admin: Client) -> None:
    assert [add(admin), add(admin, "Other", "0044 2079460123")] == [302, 422]


def test_agents_may_not_change_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.mei)
    assert add(client) == 403


def test_agent_finds_it_by_name_in_both_languages_and_by_digits(admin: Client, cast: Cast) -> None:
    add(admin, name_zh="水管工")
    assert found("plum", cast.mei) == found("水管", cast.mei) == found("7946", cast.mei) == ["+442079460123"]


def test_retired_number_is_not_found(admin: Client, cast: Cast) -> None:
    add(admin)
    admin.post(f"/settings/directory/{DirectoryEntry.objects.get().pk}/retire/", {"in_use": "0"})
    assert found("plum", cast.mei) == []


def test_typed_number_stands_in_the_list_once(admin: Client, cast: Cast) -> None:
    assert found("+44 20 7946 0123", cast.mei) == ["+442079460123"]
    add(admin)
    assert found("+44 20 7946 0123", cast.mei) == ["+442079460123"]


def test_who_may_not_pass_calls_outside_is_told_so(cast: Cast) -> None:
    Grant.objects.filter(noun="call", action="assign").delete()
    found = directory("+442079460123", User.objects.get(pk=cast.mei.pk))
    assert found.numbers == [] and "role" in str(found.why_no_numbers)
