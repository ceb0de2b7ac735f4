"""The REST API: tokens, rights, pages, problems, and its three nouns."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from crmcore import clock
from crmcore.actions import customers, opportunities, people
from crmcore.actions.contact_points import NewPoint
from crmcore.models import Account, ApiToken, Contact, Opportunity, User
from tests.cast import Cast


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {people.issue_token(user, 'test', by=user)}")
    return client


@pytest.fixture
def mei(cast: Cast) -> APIClient:
    return client_of(cast.mei)


@pytest.fixture
def dana(cast: Cast, ellery: Account) -> Contact:
    points = [NewPoint("phone", "202-555-0147"), NewPoint("email", "dana@example.com")]
    return customers.create_contact(
        by=cast.mei, name="Dana Whitlock", account=ellery, points=points, time_zone="America/New_York"
    )


@pytest.fixture
def renewal(cast: Cast, ellery: Account) -> Opportunity:
    return opportunities.open_opportunity(by=cast.mei, name="Core renewal", account=ellery, amount_minor=100)


def test_without_a_token_the_answer_is_a_problem(cast: Cast) -> None:
    answer = APIClient().get("/api/v1/accounts/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["status"] == 401


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Bearer sd_ü"])
def test_wrong_token_is_refused(cast: Cast, header: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header.encode("latin-1").decode("latin-1"))
    assert client.get("/api/v1/accounts/").status_code == 401


def test_expired_token_is_refused(cast: Cast, mei: APIClient) -> None:
    ApiToken.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert mei.get("/api/v1/accounts/").status_code == 401


def test_token_of_someone_who_left_is_refused(cast: Cast, mei: APIClient) -> None:
    User.objects.filter(pk=cast.mei.pk).update(is_active=False)
    assert mei.get("/api/v1/accounts/").status_code == 401


def test_use_of_a_token_is_noted(mei: APIClient) -> None:
    mei.get("/api/v1/accounts/")
    assert ApiToken.objects.get().last_used_at is not None


def test_customer_may_not_use_the_api(cast: Cast) -> None:
    assert client_of(cast.zhao).get("/api/v1/accounts/").status_code == 403


def test_signed_in_browser_may_read(cast: Cast) -> None:
    client = APIClient()
    client.force_login(cast.mei)
    assert client.get("/api/v1/accounts/").status_code == 200


def test_list_pages_by_key_without_a_count(cast: Cast, mei: APIClient) -> None:
    for number in range(3):
        customers.create_account(by=None, name=f"Account {number}")
    first = mei.get("/api/v1/accounts/", {"limit": 2}).json()
    assert set(first) == {"next", "previous", "results"}
    assert [row["name"] for row in first["results"]] == ["Account 2", "Account 1"]
    second = mei.get(first["next"]).json()
    assert [row["name"] for row in second["results"]] == ["Account 0", "赵敏"]


def test_number_of_queries_does_not_grow_with_rows(
    cast: Cast, mei: APIClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        account = customers.create_account(by=None, name=f"Account {number}", points=[NewPoint("qq", "10001")])
        customers.create_contact(by=None, name=f"Contact {number}", account=account)
    mei.get("/api/v1/accounts/")
    with django_assert_max_num_queries(8):
        mei.get("/api/v1/accounts/")
    with django_assert_max_num_queries(8):
        mei.get("/api/v1/contacts/")


def test_account_is_created_with_points(mei: APIClient) -> None:
    body = {
        "name": "Calder Mills",
        "kind": "company",
        "time_zone": "America/New_York",
        "points": [{"kind": "phone", "raw": "(202) 555-0147"}],
    }
    answer = mei.post("/api/v1/accounts/", body, format="json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["points"][0]["value"] == "+12025550147"
    assert answer.json()["code"].startswith("C-")


def test_faults_are_listed_by_field(mei: APIClient) -> None:
    answer = mei.post("/api/v1/accounts/", {"kind": "club"}, format="json")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"name", "kind"}


def test_unreadable_number_is_a_problem_not_a_failure(mei: APIClient) -> None:
    body = {"name": "Calder Mills", "points": [{"kind": "phone", "raw": "hello"}]}
    assert mei.post("/api/v1/accounts/", body, format="json").status_code == 400
    assert not Account.objects.filter(name="Calder Mills").exists()


def test_account_is_changed(mei: APIClient, ellery: Account) -> None:
    answer = mei.patch(f"/api/v1/accounts/{ellery.pk}/", {"grade": "A"}, format="json")
    assert (answer.status_code, answer.json()["grade"]) == (200, "A")


def test_account_is_not_replaced_nor_deleted(mei: APIClient, ellery: Account) -> None:
    assert mei.put(f"/api/v1/accounts/{ellery.pk}/", {}, format="json").status_code == 405
    assert mei.delete(f"/api/v1/accounts/{ellery.pk}/").status_code == 405


def test_assigning_without_the_right_is_403(cast: Cast, mei: APIClient, ellery: Account) -> None:
    answer = mei.patch(f"/api/v1/accounts/{ellery.pk}/", {"owner": cast.omar.pk}, format="json")
    assert answer.status_code == 403


def test_seller_changes_only_their_own_accounts(cast: Cast, ellery: Account) -> None:
    seller = people.create_user("seller", name="Seller", password="pw", roles=["sales"], by=None)
    client = client_of(seller)
    assert client.get(f"/api/v1/accounts/{ellery.pk}/").status_code == 200
    assert client.patch(f"/api/v1/accounts/{ellery.pk}/", {"grade": "A"}, format="json").status_code == 403
    assert (
        client.post(f"/api/v1/accounts/{ellery.pk}/points/", {"kind": "qq", "raw": "1"}, format="json").status_code
        == 403
    )


@pytest.mark.parametrize("query", ["whit", "0147", "dana@example.com", "dw", "+1 202 555 0147"])
def test_contacts_are_searched(mei: APIClient, dana: Contact, query: str) -> None:
    rows = mei.get("/api/v1/contacts/", {"q": query}).json()["results"]
    assert [row["id"] for row in rows] == [dana.pk]


@pytest.mark.parametrize("filters", [{"phone": "+1 202 555 0147"}, {"email": "Dana@example.com"}])
def test_contacts_are_found_by_exact_points(mei: APIClient, dana: Contact, filters: dict[str, str]) -> None:
    assert [row["id"] for row in mei.get("/api/v1/contacts/", filters).json()["results"]] == [dana.pk]
    assert mei.get("/api/v1/contacts/", {"phone": "nobody"}).json()["results"] == []


def test_contact_is_created_into_an_account(mei: APIClient, ellery: Account) -> None:
    answer = mei.post("/api/v1/contacts/", {"name": "李", "account": ellery.pk}, format="json")
    assert (answer.status_code, answer.json()["accounts"]) == (201, [ellery.pk])


def test_point_is_added_once(mei: APIClient, dana: Contact) -> None:
    for _ in range(2):
        answer = mei.post(f"/api/v1/contacts/{dana.pk}/points/", {"kind": "wechat", "raw": "wx_dana"}, format="json")
        assert answer.status_code == 201
    assert dana.points.filter(kind="wechat").count() == 1


def test_opportunity_opens_and_moves(mei: APIClient, ellery: Account) -> None:
    body = {"name": "Switches", "account": ellery.pk, "amount_minor": 2_140_000, "currency": "USD"}
    created = mei.post("/api/v1/opportunities/", body, format="json").json()
    assert (created["stage"], created["probability"]) == ("lead", 10)
    moved = mei.patch(f"/api/v1/opportunities/{created['id']}/", {"stage": "quoted"}, format="json").json()
    assert (moved["stage"], moved["probability"]) == ("quoted", 50)


def test_losing_without_a_reason_is_a_problem(mei: APIClient, renewal: Opportunity) -> None:
    answer = mei.patch(f"/api/v1/opportunities/{renewal.pk}/", {"stage": "lost"}, format="json")
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"lost_reason"})


def test_outsider_does_not_see_opportunities(cast: Cast, renewal: Opportunity) -> None:
    omar = client_of(cast.omar)
    assert omar.get("/api/v1/opportunities/").json()["results"] == []
    assert omar.get(f"/api/v1/opportunities/{renewal.pk}/").status_code == 404


def test_leader_sees_the_opportunities_of_the_team(cast: Cast, renewal: Opportunity) -> None:
    rows = client_of(cast.sun).get("/api/v1/opportunities/").json()["results"]
    assert [row["id"] for row in rows] == [renewal.pk]


def test_linking_to_what_one_may_not_see_is_refused(cast: Cast, ellery: Account) -> None:
    role = people.ensure_roles()["agent"]
    role.grants.filter(noun="account", action="view").update(scope=1)
    body = {"name": "Switches", "account": ellery.pk}
    answer = client_of(cast.omar).post("/api/v1/opportunities/", body, format="json")
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"account"})


def test_unknown_address_is_a_problem(mei: APIClient) -> None:
    answer = mei.get("/api/v1/accounts/999999/")
    assert answer.status_code == 404
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "Not found.",
        "instance": "/api/v1/accounts/999999/",
    }
