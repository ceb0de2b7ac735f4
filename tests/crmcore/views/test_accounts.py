"""The customer list and the forms of an account."""

import pytest
from django.test import Client
from django.urls import reverse

from crmcore.actions import customers, people
from crmcore.actions.contact_points import NewPoint
from crmcore.models import Account
from crmcore.queries.account_list import PAGE
from tests.cast import Cast
from tests.crmcore.conftest import signed_in

LIST = "/crm/accounts/"
NO_POINTS = {"points-TOTAL_FORMS": "0", "points-INITIAL_FORMS": "0"}
ONE_POINT = {"points-TOTAL_FORMS": "1", "points-INITIAL_FORMS": "0", "points-0-kind": "phone"}


@pytest.fixture
def mei(cast: Cast) -> Client:
    return signed_in(cast.mei)


def names(client: Client, query: str = "") -> list[str]:
    page = client.get(f"{LIST}?{query}").context["page"]
    return [row.account.name for row in page.rows]


def test_stranger_is_sent_to_the_sign_in(db: None) -> None:
    answer = Client().get(LIST)
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


@pytest.mark.parametrize(
    "address", [LIST, "/crm/accounts/new/", "/crm/search/?q=a", "/crm/opportunities/", "/crm/contacts/new/"]
)
def test_customer_may_not_open_the_customer_base(cast: Cast, address: str) -> None:
    assert signed_in(cast.zhao).get(address).status_code == 403


def test_list_shows_customers_by_name(cast: Cast, mei: Client) -> None:
    for name in ("Brindle", "Ackley"):
        customers.create_account(by=None, name=name)
    assert names(mei) == ["Ackley", "Brindle", "赵敏"]


def test_list_pages_there_and_back(cast: Cast, mei: Client) -> None:
    Account.objects.all().delete()
    for number in range(PAGE + 3):
        customers.create_account(by=None, name=f"Account {number:03}")
    first = mei.get(LIST).context["page"]
    assert first.before is None
    second = mei.get(f"{LIST}?after={first.after}").context["page"]
    assert [row.account.name for row in second.rows] == [f"Account {number:03}" for number in range(PAGE, PAGE + 3)]
    assert second.after is None
    back = mei.get(f"{LIST}?before={second.before}").context["page"]
    assert [row.account.pk for row in back.rows] == [row.account.pk for row in first.rows]
    assert (back.before, back.after) == (None, first.after)


def test_namesakes_are_neither_lost_nor_doubled_between_pages(cast: Cast, mei: Client) -> None:
    Account.objects.all().delete()
    for _ in range(PAGE + 2):
        customers.create_account(by=None, name="王芳", kind="household")
    first = mei.get(LIST).context["page"]
    second = mei.get(f"{LIST}?after={first.after}").context["page"]
    assert len({row.account.pk for row in [*first.rows, *second.rows]}) == PAGE + 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=household", ["王芳"]),
        ("grade=A&grade=B", ["Calder", "王芳"]),
        ("grade=A", ["Calder"]),
        ("whose=mine", ["Calder"]),
        ("whose=nobody&kind=household", ["王芳"]),
        ("language=zh-hans", ["王芳"]),
        ("state=inactive", ["Gone"]),
        ("q=wf", ["王芳"]),
        ("q=8000", ["王芳"]),
        ("kind=nonsense&q=cald", ["Calder"]),
    ],
)
def test_list_filters(cast: Cast, mei: Client, query: str, expected: list[str]) -> None:
    customers.create_account(by=None, name="Calder", grade="A", owner=cast.mei)
    customers.create_account(
        by=None, name="王芳", kind="household", grade="B", language="zh-hans", points=[NewPoint("phone", "13800138000")]
    )
    customers.create_account(by=None, name="Gone", is_active=False)
    assert names(mei, query) == expected


def test_filters_are_said_in_sentences_that_can_be_taken_away(cast: Cast, mei: Client) -> None:
    answer = mei.get(f"{LIST}?grade=A&grade=B&kind=company")
    sentences = {sentence.subject: sentence for sentence in answer.context["sentences"]}
    assert sentences["Level is"].value == "A or B"
    assert sentences["Level is"].without == "kind=company"


def test_rows_alone_are_served_to_the_search_field(cast: Cast, mei: Client) -> None:
    customers.create_account(by=None, name="单田芳", kind="household")
    answer = mei.get(LIST, {"q": "stf"}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert html.lstrip().startswith('<div class="sd-crm__rows" id="account-rows">')
    assert "单田芳" in html


def test_number_of_queries_does_not_grow_with_rows(
    cast: Cast, mei: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(8):
        account = customers.create_account(by=None, name=f"Account {number}", owner=cast.mei)
        customers.create_contact(by=None, name=f"Contact {number}", account=account)
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        mei.get(LIST, headers={"HX-Request": "true"})


def test_seller_sees_but_may_not_edit_what_others_own(cast: Cast, ellery: Account) -> None:
    seller = signed_in(people.create_user("seller", name="Seller", password="pw", roles=["sales"], by=None))
    assert "Port Ellery Logistics" in seller.get(LIST).content.decode()
    assert seller.get(f"/crm/accounts/{ellery.pk}/edit/").status_code == 403


def test_customer_is_created_without_script(cast: Cast, mei: Client) -> None:
    body = {
        **ONE_POINT,
        "name": "Calder",
        "kind": "company",
        "time_zone": "America/New_York",
        "points-0-raw": "(202) 555-0147",
    }
    answer = mei.post("/crm/accounts/new/", body)
    account = Account.objects.get(name="Calder")
    assert answer["Location"] == f"/crm/accounts/{account.pk}/"
    assert account.points.get().value == "+12025550147"


def test_one_character_name_is_enough(cast: Cast, mei: Client) -> None:
    mei.post("/crm/accounts/new/", {**NO_POINTS, "name": "李", "kind": "person"})
    assert Account.objects.filter(name="李").exists()


def test_unreadable_number_is_shown_beside_its_row(cast: Cast, mei: Client) -> None:
    answer = mei.post("/crm/accounts/new/", {**ONE_POINT, "name": "Calder", "kind": "company", "points-0-raw": "hello"})
    assert answer.status_code == 200
    assert "This is not a phone number." in answer.content.decode()
    assert not Account.objects.filter(name="Calder").exists()


def test_form_comes_filled_from_a_call(cast: Cast, mei: Client) -> None:
    html = mei.get("/crm/accounts/new/?name=Dana&phone=%2B12025550147").content.decode()
    assert 'value="Dana"' in html
    assert 'value="+12025550147"' in html


def test_agent_is_offered_only_themselves_as_owner(cast: Cast, mei: Client) -> None:
    owners = mei.get("/crm/accounts/new/").context["form"].fields["owner"].queryset
    assert [owner.pk for owner in owners] == [cast.mei.pk]
    assert signed_in(cast.sun).get("/crm/accounts/new/").context["form"].fields["owner"].queryset.count() > 1


def test_editing_changes_fields_and_points(cast: Cast, mei: Client, ellery: Account) -> None:
    body = {
        "name": "Port Ellery",
        "kind": "company",
        "is_active": "on",
        "owner": cast.mei.pk,
        "time_zone": "America/New_York",
        "points-TOTAL_FORMS": "1",
        "points-INITIAL_FORMS": "0",
        "points-0-kind": "email",
        "points-0-raw": "a@example.com",
    }
    assert mei.post(f"/crm/accounts/{ellery.pk}/edit/", body).status_code == 302
    ellery.refresh_from_db()
    assert (ellery.name, ellery.owner, ellery.points.get().value) == ("Port Ellery", cast.mei, "a@example.com")
    point = ellery.points.get()
    body |= {"points-INITIAL_FORMS": "1", "points-0-point": point.pk, "points-0-raw": ""}
    mei.post(f"/crm/accounts/{ellery.pk}/edit/", body)
    assert not ellery.points.exists()


def test_untouched_point_keeps_its_verification(cast: Cast, mei: Client, ellery: Account) -> None:
    point = customers.create_contact(
        by=None, name="x", account=ellery, points=[NewPoint("qq", "1", is_verified=True)]
    ).points.get()
    body = {
        "name": "x",
        "is_active": "on",
        "points-TOTAL_FORMS": "1",
        "points-INITIAL_FORMS": "1",
        "points-0-point": point.pk,
        "points-0-kind": "qq",
        "points-0-raw": "1",
        "points-0-label": "home",
    }
    mei.post(f"/crm/contacts/{point.contact_id}/edit/", body)
    point.refresh_from_db()
    assert (point.label, point.verified_at is not None) == ("home", True)


def test_duplicates_are_named_while_typing(cast: Cast, mei: Client) -> None:
    twin = customers.create_account(by=None, name="Calder Mills", points=[NewPoint("phone", "+12025550147")])
    typed = {**ONE_POINT, "name": "calder mills ltd", "kind": "company", "points-0-raw": "+1 202 555 0147"}
    html = mei.post("/crm/accounts/duplicates/", typed).content.decode()
    assert reverse("crm:account", args=[twin.pk]) in html
    assert "sd-twin--sure" in html
    assert "same phone, same company name" in html


@pytest.mark.parametrize(
    "typed", [{}, {"name": ""}, {**ONE_POINT, "points-0-raw": "1"}, {"name": "x", "points-TOTAL_FORMS": "?"}]
)
def test_duplicates_of_half_typed_forms_are_none(cast: Cast, mei: Client, typed: dict[str, str]) -> None:
    answer = mei.post("/crm/accounts/duplicates/", typed)
    assert (answer.status_code, answer.context["suspects"]) == (200, [])


def test_duplicates_never_block_saving(cast: Cast, mei: Client) -> None:
    customers.create_account(by=None, name="Calder Mills")
    assert mei.post("/crm/accounts/new/", {**NO_POINTS, "name": "Calder Mills", "kind": "company"}).status_code == 302


def test_palette_options_lead_to_customers(cast: Cast, mei: Client, ellery: Account) -> None:
    contact = customers.create_contact(by=None, name="单田芳", account=ellery)
    html = mei.get("/crm/search/?q=stf").content.decode()
    assert f'href="/crm/contacts/{contact.pk}/"' in html
    assert "Shan Tianfang" in html
    html = mei.get("/crm/search/?q=ellery&for=opportunity").content.decode()
    assert f'href="/crm/opportunities/new/?account={ellery.pk}"' in html
