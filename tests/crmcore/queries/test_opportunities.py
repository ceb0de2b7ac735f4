"""The board and its sums."""

from django.db import connection

from crmcore.actions import opportunities
from crmcore.models import Account, Opportunity, Stage, User
from crmcore.queries.opportunities import Money, board, open_total, opportunities_of
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


def test_board_narrows_to_a_selection(cast: Cast, ellery: Account) -> None:
    deal(ellery, cast.mei, "lead", 100)
    deal(cast.account, cast.mei, "lead", 50)
    (lead, *_rest) = board(cast.mei, Opportunity.objects.filter(account=ellery))
    assert (lead.count, lead.money.amount) == (1, {"USD": 100})
