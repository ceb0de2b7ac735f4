"""The opportunity board: columns with sums, computed by the database."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce

from crmcore.models import Account, Opportunity, Stage, User

CARDS_PER_COLUMN = 50


@dataclass
class Money:
    """Sums in minor units by currency; amounts of different currencies are never added."""

    amount: dict[str, int] = field(default_factory=dict)
    weighted: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: "Money") -> "Money":
        return Money(_joined(self.amount, other.amount), _joined(self.weighted, other.weighted))


@dataclass
class Column:
    """One stage with its newest cards; the sums are of all its opportunities, shown or not."""

    stage: Stage
    cards: list[Opportunity]
    count: int
    money: Money


def board(user: User, rows: "QuerySet[Opportunity] | None" = None) -> list[Column]:
    """The columns of all stages over the opportunities that `user` may view, narrowed to `rows`."""
    visible = Opportunity.objects.visible_to(user)
    if rows is not None:
        visible = visible.filter(pk__in=rows.values("pk"))
    counts, money = _sums(visible)
    return [
        Column(stage, _cards(visible.filter(stage=stage)), counts[stage.pk], money[stage.pk])
        for stage in Stage.objects.all()
    ]


def open_total(columns: list[Column]) -> Money:
    """What all open columns hold together."""
    return sum((column.money for column in columns if column.stage.kind == Stage.Kind.OPEN), Money())


def opportunities_of(account: Account, user: User) -> QuerySet[Opportunity]:
    """The opportunities of a customer that `user` may view, open ones first, then the newest."""
    rows: QuerySet[Opportunity] = Opportunity.objects.visible_to(user).filter(account=account)
    return rows.select_related("stage", "owner", "account").order_by("stage__position", "-created_at")


def _cards(rows: QuerySet[Opportunity]) -> list[Opportunity]:
    return list(
        rows.select_related("account", "owner", "stage").order_by("-stage_since", "-pk")[:CARDS_PER_COLUMN]
    )


def _sums(rows: QuerySet[Opportunity]) -> tuple[dict[int, int], dict[int, Money]]:
    """Per stage the number of rows and their money; weighted sums are rounded down once, not per row."""
    counts: dict[int, int] = defaultdict(int)
    money: dict[int, Money] = defaultdict(Money)
    totals = (
        rows.order_by()
        .values("stage_id", "currency")
        .annotate(
            number=Count("pk"),
            amount=Coalesce(Sum("amount_minor"), 0),
            weighted=Coalesce(Sum(F("amount_minor") * F("probability")), 0),
        )
    )
    for total in totals:
        counts[total["stage_id"]] += total["number"]
        money[total["stage_id"]] += Money(
            {total["currency"]: int(total["amount"])}, {total["currency"]: int(total["weighted"]) // 100}
        )
    return counts, money


def _joined(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {currency: one.get(currency, 0) + other.get(currency, 0) for currency in sorted({*one, *other})}
