"""The board, moving, and the forms of an opportunity."""

import pytest
from django.test import Client

from crmcore.actions import customers, opportunities
from crmcore.models import Account, Opportunity, Stage
from tests.cast import Cast
from tests.crmcore.conftest import signed_in

BOARD = "/crm/opportunities/"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def mei(cast: Cast) -> Client:
    return signed_in(cast.mei)


@pytest.fixture
def renewal(cast: Cast, ellery: Account) -> Opportunity:
    return opportunities.open_opportunity(
        by=cast.mei, name="Core renewal", account=ellery, amount_minor=14_800_000, currency="USD"
    )


def test_board_shows_columns_with_their_sums(mei: Client, renewal: Opportunity) -> None:
    html = mei.get(BOARD).content.decode()
    assert "Core renewal" in html
    assert "$148,000" in html
    assert "$14,800" in html


def test_outsider_sees_an_empty_board(cast: Cast, renewal: Opportunity) -> None:
    assert "Core renewal" not in signed_in(cast.omar).get(BOARD).content.decode()


@pytest.mark.parametrize("path", ["", "move/"])
def test_outsider_finds_no_page(cast: Cast, renewal: Opportunity, path: str) -> None:
    assert signed_in(cast.omar).get(f"{BOARD}{renewal.pk}/{path}").status_code == 404


def test_leader_may_move_what_the_team_has(cast: Cast, renewal: Opportunity) -> None:
    signed_in(cast.sun).post(f"{BOARD}{renewal.pk}/move/", {"stage": "quoted"})
    renewal.refresh_from_db()
    assert renewal.stage.code == "quoted"


def test_number_of_queries_does_not_grow_with_cards(
    cast: Cast, mei: Client, ellery: Account, django_assert_max_num_queries: object
) -> None:
    for number in range(8):
        opportunities.open_opportunity(by=cast.mei, name=f"Deal {number}", account=ellery)
    path = f"{BOARD}{Opportunity.objects.latest('pk').pk}/move/"
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        mei.post(path, {"stage": "quoted"}, headers=FRAGMENT)


def test_menu_shows_digits_and_sums_after_the_move(cast: Cast, mei: Client, renewal: Opportunity) -> None:
    opportunities.open_opportunity(
        by=cast.mei,
        name="Other",
        account=renewal.account,
        amount_minor=100,
        currency="USD",
        stage=Stage.objects.get(code="quoted"),
    )
    html = mei.get(f"{BOARD}{renewal.pk}/move/", headers=FRAGMENT).content.decode()
    assert 'value="quoted" data-digit="3"' in html
    assert "$148,001" in html


def test_menu_is_a_page_without_script(mei: Client, renewal: Opportunity) -> None:
    assert "<h1" in mei.get(f"{BOARD}{renewal.pk}/move/").content.decode()


def test_moving_answers_with_the_board(mei: Client, renewal: Opportunity) -> None:
    answer = mei.post(f"{BOARD}{renewal.pk}/move/", {"stage": "quoted"}, headers=FRAGMENT)
    assert 'id="board"' in answer.content.decode()
    assert mei.post(f"{BOARD}{renewal.pk}/move/", {"stage": "lead"})["Location"] == BOARD


def test_losing_asks_for_the_reason(mei: Client, renewal: Opportunity) -> None:
    answer = mei.post(f"{BOARD}{renewal.pk}/move/", {"stage": "lost", "lost_reason": ""})
    assert "Say why it was lost." in answer.content.decode()
    mei.post(f"{BOARD}{renewal.pk}/move/", {"stage": "lost", "lost_reason": "Price"})
    renewal.refresh_from_db()
    assert (renewal.stage.code, renewal.lost_reason) == ("lost", "Price")


def test_unknown_stage_is_404(mei: Client, renewal: Opportunity) -> None:
    assert mei.post(f"{BOARD}{renewal.pk}/move/", {"stage": "moon"}).status_code == 404


def test_list_shows_the_same_opportunities(mei: Client, renewal: Opportunity) -> None:
    assert "Core renewal" in mei.get(f"{BOARD}list/").content.decode()
    assert "Core renewal" in mei.get(f"{BOARD}list/?whose=mine").content.decode()


def test_form_comes_filled_from_where_one_was(cast: Cast, mei: Client, ellery: Account) -> None:
    dana = customers.create_contact(by=None, name="Dana Whitlock", account=ellery)
    form = mei.get(f"{BOARD}new/?account={ellery.pk}&contact={dana.pk}&name=Second+site").context["form"]
    assert (form["name"].value(), form["contact"].value()) == ("Second site", dana.pk)


def test_opportunity_is_opened_in_one_post(cast: Cast, mei: Client, ellery: Account) -> None:
    lead = Stage.objects.get(code="lead")
    body = {"name": "Second site", "stage": lead.pk, "amount": "104500.50", "currency": "USD", "owner": cast.mei.pk}
    answer = mei.post(f"{BOARD}new/?account={ellery.pk}&next=/tickets/KW-1/", body)
    made = Opportunity.objects.get()
    assert (made.amount_minor, made.probability, made.owner) == (10_450_050, 10, cast.mei)
    assert answer["Location"] == f"/tickets/KW-1/?opportunity={made.pk}"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_next_stays_on_this_desk(cast: Cast, mei: Client, ellery: Account, elsewhere: str) -> None:
    body = {"name": "x", "stage": Stage.objects.get(code="lead").pk, "amount": "0", "currency": "USD"}
    assert mei.post(f"{BOARD}new/?account={ellery.pk}&next={elsewhere}", body)["Location"] == BOARD


def test_without_a_customer_one_is_chosen_first(cast: Cast, mei: Client, ellery: Account) -> None:
    assert "For which customer?" in mei.get(f"{BOARD}new/").content.decode()
    assert f"?account={ellery.pk}" in mei.get(f"{BOARD}new/?q=ellery").content.decode()


def test_changing_an_opportunity(cast: Cast, mei: Client, renewal: Opportunity) -> None:
    body = {"name": "Renewal", "amount": "1", "currency": "USD", "probability": "60", "owner": cast.mei.pk}
    assert mei.post(f"{BOARD}{renewal.pk}/", body)["Location"].startswith(BOARD)
    renewal.refresh_from_db()
    assert (renewal.name, renewal.amount_minor, renewal.probability) == ("Renewal", 100, 60)
