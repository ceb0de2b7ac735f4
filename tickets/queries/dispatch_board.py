"""The day of all technicians and firms, as a dispatcher sees it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from crmcore.models import Firm, User
from tickets.models import DispatchOrder
from tickets.queries.dispatch import day_span, orders_seen_by, place_of, to_be_given
from tickets.queries.slots import technicians_for

FIRST_HOUR, LAST_HOUR = 7, 21
SHOWN = DispatchOrder.State.CANCELLED, DispatchOrder.State.DECLINED


@dataclass(frozen=True)
class Bar:
    """A visit on a line: where it begins and how long it is, in hundredths of the day shown."""

    order: DispatchOrder
    begin: float
    length: float

    @property
    def place(self) -> str:
        return place_of(self.order)

    @property
    def is_movable(self) -> bool:
        return self.order.state in DispatchOrder.MOVABLE


@dataclass(frozen=True)
class Line:
    """One technician or firm; `who` is how forms name them."""

    who: str
    name: str
    bars: list[Bar]
    is_firm: bool = False


@dataclass(frozen=True)
class Board:
    """`hours` are the marks above, `now` is where the day stands, None on other days.

    The lines show `minutes` from `begins_at`.
    """

    day: date
    lines: list[Line]
    waiting: list[Bar]
    hours: list[tuple[int, float]]
    now: float | None
    begins_at: datetime
    minutes: int = (LAST_HOUR - FIRST_HOUR) * 60

    @property
    def before(self) -> date:
        return self.day - timedelta(days=1)

    @property
    def after(self) -> date:
        return self.day + timedelta(days=1)


def board_of(user: User, day: date, now: datetime) -> Board:
    """The lines of a day in the reader's zone, as far as the orders are in reach."""
    begin, end = day_span(day)
    first, last = begin + timedelta(hours=FIRST_HOUR), begin + timedelta(hours=LAST_HOUR)
    rows = list(orders_seen_by(user).filter(starts_at__lt=end, ends_at__gt=begin).exclude(state__in=SHOWN))
    of_people, of_firms = _sorted_out(rows)
    people = [
        Line(f"t{one.user_id}", one.user.name, _bars(of_people[one.user_id], first, last)) for one in technicians_for()
    ]
    used = Firm.objects.filter(is_active=True)
    firms = [Line(f"f{one.pk}", one.label, _bars(of_firms[one.pk], first, last), is_firm=True) for one in used]
    share = _share(now, first, last)
    marks = [(hour, 100 * (hour - FIRST_HOUR) / (LAST_HOUR - FIRST_HOUR)) for hour in range(FIRST_HOUR, LAST_HOUR, 2)]
    is_today = day == timezone.localdate(now)
    stands = share if is_today and 0 <= share <= 100 else None
    waiting = [Bar(order, 0, 0) for order in to_be_given(user)]
    return Board(day, people + firms, waiting, marks, stands, first)


def _sorted_out(
    rows: Iterable[DispatchOrder],
) -> tuple[dict[int | None, list[DispatchOrder]], dict[int | None, list[DispatchOrder]]]:
    """Orders by technician, and those of firms by firm, whoever of them drives."""
    people: dict[int | None, list[DispatchOrder]] = defaultdict(list)
    firms: dict[int | None, list[DispatchOrder]] = defaultdict(list)
    for row in rows:
        if row.firm_id:
            firms[row.firm_id].append(row)
        else:
            people[row.technician_id].append(row)
    return people, firms


def _bars(rows: Iterable[DispatchOrder], first: datetime, last: datetime) -> list[Bar]:
    bars = []
    for row in sorted(rows, key=lambda order: (order.starts_at or first, order.pk)):
        assert row.starts_at and row.ends_at
        begin, end = max(0.0, _share(row.starts_at, first, last)), min(100.0, _share(row.ends_at, first, last))
        if end > 0 and begin < 100:
            bars.append(Bar(row, begin, end - begin))
    return bars


def _share(moment: datetime, first: datetime, last: datetime) -> float:
    return 100 * (moment - first) / (last - first)
