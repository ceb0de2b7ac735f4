"""The opportunity board: columns with sums, computed by the database."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from crmcore import clock
from crmcore.models import Account, Opportunity, Stage, User

CARDS_PER_COLUMN = 50
ROWS_PER_PAGE = 50


@dataclass
class Money:
    """Sums in minor units by currency; amounts of different currencies are never added."""

    amount: dict[str, int] = field(default_factory=dict)
    weighted: dict[str, int] = field(default_factory=dict)

    def lines(self) -> list[tuple[str, int, int]]:
        """Currency, amount and weighted amount, one line for each currency."""
        return [(currency, amount, self.weighted[currency]) for currency, amount in self.amount.items()]

    def __add__(self, other: "Money") -> "Money":
        return Money(_joined(self.amount, other.amount), _joined(self.weighted, other.weighted))


@dataclass
class Column:
    """One stage with its newest cards; the sums are of all its opportunities, shown or not."""

    stage: Stage
    cards: list[Opportunity]
    count: int
    money: Money

    @property
    def hidden(self) -> int:
        """How many opportunities have no card here."""
        return self.count - len(self.cards)


@dataclass(frozen=True)
class Target:
    """A stage one may move to: the digit that chooses it and the column's sum after the move."""

    stage: Stage
    digit: int
    is_here: bool
    sum_after: int


def board(user: User, *, mine: bool = False) -> list[Column]:
    """The columns of the open stages and of what was won this month, over what `user` may view."""
    rows = _shown(user, mine=mine)
    counts, money = _sums(rows)
    cards = _cards(rows)
    stages = Stage.objects.exclude(kind=Stage.Kind.LOST)
    return [Column(stage, cards[stage.pk], counts[stage.pk], money[stage.pk]) for stage in stages]


def open_total(columns: list[Column]) -> Money:
    """What all open columns hold together."""
    return sum((column.money for column in columns if column.stage.kind == Stage.Kind.OPEN), Money())


def targets(opportunity: Opportunity, user: User) -> list[Target]:
    """Where an opportunity may go: open and won stages by the digits 1 to 9, lost by 0."""
    _counts, money = _sums(_shown(user))
    found = []
    for place, stage in enumerate(Stage.objects.all(), start=1):
        here = stage.pk == opportunity.stage_id
        held = money[stage.pk].amount.get(opportunity.currency, 0)
        digit = 0 if stage.kind == Stage.Kind.LOST else place
        found.append(Target(stage, digit, here, held if here else held + opportunity.amount_minor))
    return found


def opportunities_of(account: Account, user: User) -> QuerySet[Opportunity]:
    """The opportunities of a customer that `user` may view, by stage, then the newest."""
    rows: QuerySet[Opportunity] = Opportunity.objects.visible_to(user).filter(account=account)
    return rows.select_related("stage", "owner", "account").order_by("stage__position", "-created_at")


def page_of_opportunities(
    user: User, *, mine: bool = False, before: int | None = None
) -> tuple[list[Opportunity], int | None]:
    """The newest opportunities that `user` may view, older than the one with the key; and the next key."""
    rows: QuerySet[Opportunity] = Opportunity.objects.visible_to(user)
    if mine:
        rows = rows.filter(owner=user)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("account", "owner", "stage").order_by("-pk")[: ROWS_PER_PAGE + 1])
    shown = found[:ROWS_PER_PAGE]
    return shown, shown[-1].pk if len(found) > ROWS_PER_PAGE else None


def _shown(user: User, *, mine: bool = False) -> QuerySet[Opportunity]:
    """What stands on the board: all that is open, and what was won since the reader's month began."""
    month = timezone.localtime(clock.now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    open_or_just_won = Q(stage__kind=Stage.Kind.OPEN) | Q(stage__kind=Stage.Kind.WON, stage_since__gte=month)
    rows: QuerySet[Opportunity] = Opportunity.objects.visible_to(user).filter(open_or_just_won)
    return rows.filter(owner=user) if mine else rows


def _cards(rows: QuerySet[Opportunity]) -> dict[int, list[Opportunity]]:
    """The newest cards of each stage, in one query."""
    ranked = rows.annotate(
        place=Window(RowNumber(), partition_by=F("stage_id"), order_by=[F("stage_since").desc(), F("pk").desc()])
    )
    cards: dict[int, list[Opportunity]] = defaultdict(list)
    shown = ranked.filter(place__lte=CARDS_PER_COLUMN).select_related("account", "owner").order_by("place")
    for card in shown:
        cards[card.stage_id].append(card)
    return cards


def _sums(rows: QuerySet[Opportunity]) -> tuple[dict[int, int], dict[int, Money]]:
    """Per stage the number of rows and their money; weighted sums are rounded down once, not per row."""
    counts: dict[int, int] = defaultdict(int)
    money: dict[int, Money] = defaultdict(Money)
    totals = (
        rows.order_by()
        .values("stage_id", "currency")
        .annotate(number=Count("pk"), amount=Sum("amount_minor"), weighted=Sum(F("amount_minor") * F("probability")))
    )
    for total in totals:
        currency, stage = total["currency"], total["stage_id"]
        counts[stage] += total["number"]
        money[stage] += Money({currency: int(total["amount"])}, {currency: int(total["weighted"]) // 100})
    return counts, money


def _joined(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {currency: one.get(currency, 0) + other.get(currency, 0) for currency in sorted({*one, *other})}
