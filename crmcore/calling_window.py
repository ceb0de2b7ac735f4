"""When people may be called: hours of certain weekdays, read on the clock of whoever is called. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global

# Zones of one country whose hours never meet are given up after so many attempts to find a common one.
LONGEST_SEARCH = 60
# Countries with one legal time, whatever clocks some people there keep.
ONE_TIME = {"CN": ("Asia/Shanghai",)}


@dataclass(frozen=True)
class Window:
    """Weekdays (0 is Monday) and the hours between which calls are allowed, the end not included."""

    days: frozenset[int]
    opens: time
    closes: time

    def is_open(self, zones: Sequence[ZoneInfo], at: datetime) -> bool:
        """Whether the hours allow a call at `at` in every one of the zones in which the callee may be."""
        return all(self._opening(zone, at) == at for zone in zones)

    def next_opening(self, zones: Sequence[ZoneInfo], at: datetime) -> datetime | None:
        """The first moment from `at` on at which it is open in all of the zones; None where that never happens."""
        for _ in range(LONGEST_SEARCH):
            openings = [self._opening(zone, at) for zone in zones]
            found = [opening for opening in openings if opening is not None]
            if len(found) < len(openings):
                return None
            latest = max(found, default=at)
            if latest == at:
                return at
            at = latest
        return None

    def _opening(self, zone: ZoneInfo, at: datetime) -> datetime | None:
        """`at` itself while it is open in the zone, else the next opening there."""
        today = at.astimezone(zone).date()
        for ahead in range(8):
            day = today + timedelta(days=ahead)
            if day.weekday() in self.days and at < datetime.combine(day, self.closes, zone).astimezone(at.tzinfo):
                return max(at, datetime.combine(day, self.opens, zone).astimezone(at.tzinfo))
        return None


@cache
def zones_of_region(region: str) -> tuple[ZoneInfo, ...]:
    """The zones of a country (ISO 3166, what stands before a hyphen); empty for one that nobody knows."""
    territories = get_global("zone_territories")
    country, known = region.partition("-")[0].upper(), available_timezones()
    zones = ONE_TIME.get(country) or sorted(zone for zone, code in territories.items() if code == country)
    return tuple(ZoneInfo(zone) for zone in zones if zone in known)
