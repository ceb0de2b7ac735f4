"""Working time: open hours compiled to UTC spans, measured and projected in whole seconds.

A calendar is an IANA zone, weekly hours and dated overrides, in the form in which versions are stored:

    weekly     {"mon": [["09:00", "12:00"], ["13:30", "18:00"]], "fri": [["22:00", "06:00"]]}
    overrides  [{"date": "2026-10-01", "kind": "closed"},
                {"date": "2026-10-10", "kind": "open", "like": "mon"},
                {"date": "2026-12-24", "kind": "replaced", "hours": [["09:00", "12:00"]], "yearly": true}]

Hours belong to the local day on which they open; a close at or before the open lies on the next day, and
"24:00" is the end of the day. An override replaces what opens on its date, never what runs on from the day before.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_CLOSURE = timedelta(days=400)
_MINUTES_A_DAY = 24 * 60
_MARGIN = timedelta(days=200)
# A local day and its night shift reach at most this far from the same date in UTC.
_REACH = timedelta(days=3)

Hours = tuple[tuple[int, int], ...]


class CalendarError(ValueError):
    """A calendar that cannot be used, with a sentence that says why."""


@dataclass(frozen=True)
class _Spans:
    """Disjoint sorted open spans (epoch seconds, half-open) that are complete between two moments."""

    since: int
    until: int
    opens: list[int]
    closes: list[int]
    totals: list[int]

    def opened_until(self, stamp: int) -> int:
        at = bisect_right(self.opens, stamp) - 1
        if at < 0:
            return 0
        return self.totals[at] - max(0, self.closes[at] - stamp)

    def covers(self, first: int, last: int) -> bool:
        return self.since <= first and last <= self.until


class WorkingCalendar:
    """Open hours in one zone. Spans are compiled on demand and kept, a year or more at a time."""

    def __init__(
        self,
        zone: ZoneInfo,
        weekly: Sequence[Hours],
        dated: Mapping[date, Hours],
        yearly: Mapping[tuple[int, int], Hours],
    ) -> None:
        self.zone = zone
        self._weekly = weekly
        self._dated = dated
        self._yearly = yearly
        self._spans = _Spans(0, -1, [], [], [])

    def working_seconds(self, start: datetime, end: datetime) -> int:
        """Open seconds in [start, end), both aware; negative when end comes first."""
        first, last = _stamp(start), _stamp(end)
        spans = self._covering(min(first, last), max(first, last))
        return spans.opened_until(last) - spans.opened_until(first)

    def due(self, start: datetime, seconds: int) -> datetime:
        """The earliest moment (UTC) by which so many open seconds have passed since start.

        Raises CalendarError when the calendar stays closed too long to ever get there.
        """
        if seconds <= 0:
            return _moment(_stamp(start))
        begin = _stamp(start)
        spans = self._covering(begin, begin)
        while (wanted := spans.opened_until(begin) + seconds) > _last(spans.totals):
            before = _last(spans.totals) - spans.opened_until(begin)
            spans = self._covering(begin, spans.until + int(LONGEST_CLOSURE.total_seconds()))
            if _last(spans.totals) - spans.opened_until(begin) == before:
                raise CalendarError(_("This calendar has no open hours for 400 days."))
        at = bisect_left(spans.totals, wanted)
        return _moment(spans.closes[at] - (spans.totals[at] - wanted))

    def is_open(self, moment: datetime) -> bool:
        stamp = _stamp(moment)
        spans = self._covering(stamp, stamp)
        at = bisect_right(spans.opens, stamp) - 1
        return at >= 0 and stamp < spans.closes[at]

    def next_opening(self, moment: datetime) -> datetime:
        """The moment itself when open, else the next opening (UTC). Raises CalendarError if there is none."""
        return self.due(moment, 1) - timedelta(seconds=1)

    def require_open_time(self, start: datetime) -> None:
        """Refuse a calendar without one open second in the 400 days after start."""
        if self.working_seconds(start, start + LONGEST_CLOSURE) == 0:
            raise CalendarError(_("This calendar has no open hours for 400 days."))

    def hours_on(self, day: date) -> Hours:
        """What opens on this local date: (open, close) in minutes from its midnight."""
        if day in self._dated:
            return self._dated[day]
        return self._yearly.get((day.month, day.day), self._weekly[day.weekday()])

    def weekly_hours(self, weekday: int) -> Hours:
        """What opens on a weekday (0 is Monday) of a week without special days."""
        return self._weekly[weekday]

    def _covering(self, first: int, last: int) -> _Spans:
        spans = self._spans
        if not spans.covers(first, last):
            known = [spans.since, spans.until] if spans.since <= spans.until else []
            spans = self._compile(min(first, *known, last), max(first, *known, last))
            self._spans = spans
        return spans

    def _compile(self, first: int, last: int) -> _Spans:
        begin = (_moment(first) - _MARGIN).date()
        end = (_moment(last) + _MARGIN).date()
        days = (begin + timedelta(days=n) for n in range((end - begin).days + 1))
        spans = _merged(
            (_instant(self.zone, day, opened, 0), _instant(self.zone, day, closed, 1))
            for day in days
            for opened, closed in self.hours_on(day)
        )
        totals = list(accumulate(closed - opened for opened, closed in spans))
        since = datetime.combine(begin + _REACH, time(), UTC)
        until = datetime.combine(end - _REACH, time(), UTC)
        return _Spans(
            _stamp(since),
            _stamp(until),
            [a for a, _b in spans],
            [b for _a, b in spans],
            totals,
        )


def working_calendar(
    time_zone: str, weekly: Mapping[str, Any], overrides: Sequence[Mapping[str, Any]]
) -> WorkingCalendar:
    """The calendar of a stored version, compiled once per process. Raises CalendarError."""
    return _parsed(
        time_zone,
        json.dumps(weekly, sort_keys=True),
        json.dumps(overrides, sort_keys=True),
    )


@lru_cache(maxsize=256)
def _parsed(time_zone: str, weekly_json: str, overrides_json: str) -> WorkingCalendar:
    weekly = json.loads(weekly_json)
    for name in weekly:
        if name not in WEEKDAYS:
            raise CalendarError(_("“%(name)s” is not a day of the week.") % {"name": name})
    by_weekday = {name: _hours(weekly.get(name, ())) for name in WEEKDAYS}
    dated: dict[date, Hours] = {}
    yearly: dict[tuple[int, int], Hours] = {}
    for override in json.loads(overrides_json):
        day = _day(override)
        hours = _override_hours(override, by_weekday)
        if day in dated or (override.get("yearly") and (day.month, day.day) in yearly):
            raise CalendarError(_("%(date)s is overridden twice.") % {"date": day})
        if override.get("yearly"):
            yearly[day.month, day.day] = hours
        else:
            dated[day] = hours
    return WorkingCalendar(_zone(time_zone), tuple(by_weekday[name] for name in WEEKDAYS), dated, yearly)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise CalendarError(_("“%(name)s” is not a time zone.") % {"name": name}) from error


def _day(override: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(override["date"])
    except (KeyError, TypeError, ValueError) as error:
        raise CalendarError(_("“%(date)s” is not a date.") % {"date": override.get("date", "")}) from error


def _override_hours(override: Mapping[str, Any], by_weekday: Mapping[str, Hours]) -> Hours:
    kind = override.get("kind")
    given = {"date": override["date"], "kind": kind}
    if kind == "closed":
        return ()
    if kind not in ("open", "replaced"):
        raise CalendarError(_("%(date)s: “%(kind)s” is not a kind of override.") % given)
    if kind == "open" and override.get("like") in by_weekday:
        hours = by_weekday[override["like"]]
    else:
        hours = _hours(override.get("hours", ()))
    if not hours:
        raise CalendarError(_("%(date)s is to be open but has no hours.") % given)
    return hours


def _hours(pairs: Sequence[Sequence[str]]) -> Hours:
    hours = sorted(_interval(pair) for pair in pairs)
    for (_opened, closed), (opened, _closed) in pairwise(hours):
        if opened < closed:
            raise CalendarError(_("Open hours on one day overlap: %(hours)s.") % {"hours": pairs})
    return tuple(hours)


def _interval(pair: Sequence[str]) -> tuple[int, int]:
    try:
        opened, closed = (_minute(text) for text in pair)
    except (AttributeError, TypeError, ValueError) as error:
        raise CalendarError(_("“%(hours)s” are not hours such as 09:00 to 17:30.") % {"hours": pair}) from error
    if opened in (closed, _MINUTES_A_DAY):
        raise CalendarError(_("Hours open and close in the same minute: %(hours)s.") % {"hours": pair})
    return opened, closed if closed > opened else closed + _MINUTES_A_DAY


def _minute(text: str) -> int:
    if text == "24:00":
        return _MINUTES_A_DAY
    moment = time.fromisoformat(text)
    if len(text) != len("09:00"):
        raise ValueError(text)
    return moment.hour * 60 + moment.minute


def _instant(zone: ZoneInfo, day: date, minute: int, fold: int) -> int:
    """Epoch second of a local minute: an opening takes the first of two, a closing (fold 1) the second."""
    local = datetime.combine(day, time()) + timedelta(minutes=minute)
    stamp = int(local.replace(tzinfo=zone, fold=fold).timestamp())
    if datetime.fromtimestamp(stamp, zone).replace(tzinfo=None) == local:
        return stamp
    return _end_of_gap(zone, local)


def _end_of_gap(zone: ZoneInfo, local: datetime) -> int:
    """The first second after clocks jumped over this local time."""
    before = int(local.replace(tzinfo=zone, fold=1).timestamp())
    after = int(local.replace(tzinfo=zone, fold=0).timestamp())
    old = _moment(before).astimezone(zone).utcoffset()
    seconds = range(before, after + 1)
    return seconds[bisect_left(seconds, True, key=lambda s: _moment(s).astimezone(zone).utcoffset() != old)]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for opened, closed in sorted(span for span in spans if span[0] < span[1]):
        if merged and opened <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closed))
        else:
            merged.append((opened, closed))
    return merged


def _last(totals: list[int]) -> int:
    return totals[-1] if totals else 0


def _stamp(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError(moment)
    return int(moment.timestamp() // 1)


def _moment(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp, UTC)
