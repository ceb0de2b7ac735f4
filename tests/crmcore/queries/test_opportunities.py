"""The board and its sums."""

from datetime import timedelta

from django.db import connection

from crmcore import clock
from crmcore.actions import opportunities
from crmcore.models import Account, Opportunity, Stage, User
from crmcore.queries.opportunities import (
    CARDS_PER_COLUMN,
    Money,
    board,
    open_total,
    opportunities_of,
    page_of_opportunities,
    targets,
)
from tests.cast import Cast


def deal(account: Account, by: User, stage: str, amount: int, currency: str = "USD", **extra: int) -> Opportunity:
    return opportunities.open_opportunity(
        by=by,
        name=f"{stage} {amount}",
        account=account,
        stage=Stage.objects.get(code=stage),
        amount_minor=amount,
        currency=currency,
        **extra,
    )


def test_sums_equal_the_database(cast: Cast, ellery: Account) -> None:
    for amount in (333, 101, 1):
        deal(ellery, cast.mei, "lead", amount)
    deal(ellery, cast.mei, "quoted", 1000, probability=33)
    columns = {column.stage.code: column for column in board(cast.mei)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.code, count(*), sum(amount_minor), sum(amount_minor * o.probability) / 100"
            " FROM crmcore_opportunity o JOIN crmcore_stage s ON s.id = o.stage_id GROUP BY s.code"
        )
        for code, count, amount, weighted in cursor.fetchall():
            assert columns[code].count == count
            assert columns[code].money == Money({"USD": int(amount)}, {"USD": int(weighted)})


def test_currencies_are_never_added(cast: Cast, ellery: Account) -> None:
    deal(ellery, cast.mei, "lead", 100, "USD")
    deal(ellery, cast.mei, "lead", 100, "CNY")
    (lead, *_rest) = board(cast.mei)
    assert lead.money.amount == {"CNY": 100, "USD": 100}


def test_total_leaves_out_what_is_won_or_lost(cast: Cast, ellery: Account) -> None:
    for stage in ("lead", "quoted", "won"):
        deal(ellery, cast.mei, stage, 100)
    assert open_total(board(cast.mei)) == Money({"USD": 200}, {"USD": 60})


def test_outsider_counts_nothing(cast: Cast, ellery: Account) -> None:
    deal(ellery, cast.mei, "lead", 100)
    assert all(column.count == 0 and column.cards == [] for column in board(cast.omar))
    assert list(opportunities_of(ellery, cast.omar)) == []


def test_team_mate_counts_what_the_team_has(cast: Cast, ellery: Account) -> None:
    deal(ellery, cast.mei, "lead", 100)
    (lead, *_rest) = board(cast.sun)
    assert lead.count == 1


def test_board_narrows_to_my_own(cast: Cast, ellery: Account) -> None:
    deal(ellery, cast.mei, "lead", 100)
    deal(ellery, cast.sun, "lead", 50)
    (lead, *_rest) = board(cast.sun, mine=True)
    assert (lead.count, lead.money.amount) == (1, {"USD": 50})


def test_board_shows_what_was_won_this_month_and_nothing_lost(cast: Cast, ellery: Account) -> None:
    deal(ellery, cast.mei, "won", 100)
    old = deal(ellery, cast.mei, "won", 70)
    Opportunity.objects.filter(pk=old.pk).update(stage_since=clock.now() - timedelta(days=32))
    columns = {column.stage.code: column for column in board(cast.mei)}
    assert columns["won"].money.amount == {"USD": 100}
    assert "lost" not in columns


def test_move_menu_shows_the_sum_after_the_move(cast: Cast, ellery: Account) -> None:
    deal(ellery, cast.mei, "quoted", 100)
    moving = deal(ellery, cast.mei, "lead", 5)
    found = {target.stage.code: target for target in targets(moving, cast.mei)}
    assert (found["quoted"].sum_after, found["lead"].sum_after) == (105, 5)
    assert found["lead"].is_here
    assert [target.digit for target in found.values()] == [1, 2, 3, 4, 5, 0]


def test_cards_are_few_but_the_sum_is_whole(cast: Cast, ellery: Account) -> None:
    stage = Stage.objects.get(code="lead")
    now = clock.now()
    Opportunity.objects.bulk_create(
        Opportunity(
            name=f"Deal {number}",
            account=ellery,
            stage=stage,
            owner=cast.mei,
            amount_minor=1,
            currency="USD",
            probability=10,
            stage_since=now,
            created_at=now,
        )
        for number in range(CARDS_PER_COLUMN + 3)
    )
    (lead, *_rest) = board(cast.mei)
    assert (len(lead.cards), lead.count, lead.hidden, lead.money.amount) == (50, 53, 3, {"USD": 53})


def test_list_pages_by_key(cast: Cast, ellery: Account) -> None:
    deals = [deal(ellery, cast.mei, "lead", amount) for amount in range(52)]
    first, key = page_of_opportunities(cast.mei)
    second, end = page_of_opportunities(cast.mei, before=key)
    assert [row.pk for row in [*first, *second]] == [one.pk for one in reversed(deals)]
    assert end is None
