"""The day of all technicians and firms, as a dispatcher sees it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from crmcore.models import Firm, User
from tickets.models import DispatchOrder
from tickets.queries.dispatch import day_span, orders_seen_by, place_of, to_be_given
from tickets.queries.slots import technicians_for

FIRST_HOUR, LAST_HOUR = 7, 21
Span = tuple[float, float]
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
    """One technician or firm; `who` is how forms name them.

    `busy` is where somebody is on visits that the reader may not see: begin and length in hundredths of the day.
    """

    who: str
    name: str
    bars: list[Bar]
    busy: list[Span] = field(default_factory=list)
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
    busy = _busy(rows, first, last)
    people = [
        Line(f"t{one.user_id}", one.user.name, _bars(of_people[one.user_id], first, last), busy[one.user_id])
        for one in technicians_for()
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
        if span := _span(row.starts_at, row.ends_at, first, last):
            bars.append(Bar(row, *span))
    return bars


def _busy(seen: Iterable[DispatchOrder], first: datetime, last: datetime) -> dict[int, list[Span]]:
    """When each technician is on a visit that is not among those seen."""
    others = DispatchOrder.objects.filter(starts_at__lt=last, ends_at__gt=first, technician__isnull=False)
    others = others.exclude(state__in=SHOWN).exclude(pk__in=[order.pk for order in seen])
    found: dict[int, list[Span]] = defaultdict(list)
    for order in others.only("technician_id", "starts_at", "ends_at"):
        assert order.technician_id and order.starts_at and order.ends_at
        if span := _span(order.starts_at, order.ends_at, first, last):
            found[order.technician_id].append(span)
    return found


def _span(starts_at: datetime, ends_at: datetime, first: datetime, last: datetime) -> Span | None:
    """Begin and length of what lies within the hours shown."""
    begin, end = max(0.0, _share(starts_at, first, last)), min(100.0, _share(ends_at, first, last))
    return (begin, end - begin) if end > 0 and begin < 100 else None


def _share(moment: datetime, first: datetime, last: datetime) -> float:
    return 100 * (moment - first) / (last - first)
