"""The pages and the API of duplicates and merges."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from rest_framework.test import APIClient

from crmcore.actions import customers, people
from crmcore.actions.contact_points import NewPoint
from crmcore.actions.merging import merge_customers
from crmcore.models import Account, CustomerMerge, User
from tests.cast import Cast
from tests.crmcore.conftest import signed_in


@pytest.fixture
def sun(cast: Cast) -> Client:
    return signed_in(cast.sun)


@pytest.fixture
def pair(cast: Cast) -> tuple[Account, Account]:
    points = [NewPoint("phone", "13800138000")]
    return (
        customers.create_account(by=cast.sun, name="North Wind", points=points, grade="A", note="Two dogs"),
        customers.create_account(by=cast.sun, name="Northwind", points=points, note="A cat"),
    )


def api_of(user: User) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {people.issue_token(user, 'test', by=user)}")
    return client


def test_who_looks_alike_is_offered_with_reasons(sun: Client, pair: tuple[Account, Account]) -> None:
    html = sun.get(f"/crm/accounts/{pair[1].pk}/merges/").content.decode()
    assert "same phone" in html
    assert f"/crm/accounts/{pair[1].pk}/merge/?other={pair[0].pk}" in html


def test_the_page_shows_both_and_counts_what_moves(sun: Client, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    html = sun.get(f"/crm/accounts/{survivor.pk}/merge/?other={source.pk}").content.decode()
    assert "Two dogs" in html and "A cat" in html
    assert "<b>1</b> Ways to reach them" in html


def test_moments_and_choices_are_shown_in_words(sun: Client, cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    customers.update_account(source, by=cast.sun, next_contact_at=datetime(2026, 12, 24, 3, 24, 1, tzinfo=UTC))
    html = sun.get(f"/crm/accounts/{survivor.pk}/merge/?other={source.pk}").content.decode()
    assert "+00:00" not in html
    assert "2026" in html


def test_old_addresses_lead_to_the_survivor(sun: Client, cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    body = {"other": source.pk, "take-name": "source", "take-note": "both"}
    answer = sun.post(f"/crm/accounts/{survivor.pk}/merge/", body)
    assert answer["Location"] == f"/crm/accounts/{survivor.pk}/merges/"
    survivor.refresh_from_db()
    assert (survivor.name, survivor.note, survivor.grade) == ("North Wind", "A cat\n\nTwo dogs", "A")
    for page in ("", "details/", "merges/", "edit/"):
        assert sun.get(f"/crm/accounts/{source.pk}/{page}")["Location"] == f"/crm/accounts/{survivor.pk}/{page}"
    answer = api_of(cast.sun).get(f"/api/v1/accounts/{source.pk}/")
    assert (answer.status_code, answer["Location"][-len(f"/accounts/{survivor.pk}/") :]) == (
        308,
        f"/accounts/{survivor.pk}/",
    )


def test_undo_stands_on_the_survivors_page(sun: Client, cast: Cast, pair: tuple[Account, Account]) -> None:
    merge = merge_customers(*pair, by=cast.sun)
    assert f"/crm/merges/{merge.pk}/undo/" in sun.get(f"/crm/accounts/{pair[1].pk}/merges/").content.decode()
    sun.post(f"/crm/merges/{merge.pk}/undo/")
    assert sun.get(f"/crm/accounts/{pair[0].pk}/merges/").status_code == 200


def test_without_the_right_there_is_no_merging(cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    mei = signed_in(cast.mei)
    assert "/merge/?other" not in mei.get(f"/crm/accounts/{survivor.pk}/merges/").content.decode()
    assert mei.get(f"/crm/accounts/{survivor.pk}/merge/?other={source.pk}").status_code == 403
    assert mei.post(f"/crm/accounts/{survivor.pk}/merge/", {"other": source.pk}).status_code == 403
    assert (
        api_of(cast.mei).post(f"/api/v1/accounts/{source.pk}/merge/", {"into": survivor.pk}, format="json").status_code
        == 403
    )
    merge = merge_customers(source, survivor, by=cast.sun)
    assert mei.post(f"/crm/merges/{merge.pk}/undo/").status_code == 403


def test_the_api_merges_and_parts(cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    api = api_of(cast.sun)
    body = {"into": survivor.pk, "choices": {"grade": "source"}}
    assert api.post(f"/api/v1/accounts/{source.pk}/merge/", body, format="json").json()["survivor"] == survivor.pk
    assert api.post(f"/api/v1/accounts/{source.pk}/part/").json() == {"kept": []}
    assert not CustomerMerge.objects.filter(undone_at=None).exists()


def test_people_have_the_same_pages(sun: Client, cast: Cast) -> None:
    one, other = (customers.create_contact(by=cast.sun, name=name) for name in ("王芳", "王 芳"))
    assert sun.get(f"/crm/contacts/{one.pk}/merges/").status_code == 200
    assert sun.get(f"/crm/contacts/{one.pk}/merge/?other={other.pk}").status_code == 200
    sun.post(f"/crm/contacts/{one.pk}/merge/", {"other": other.pk})
    assert sun.get(f"/crm/contacts/{other.pk}/edit/")["Location"] == f"/crm/contacts/{one.pk}/edit/"
