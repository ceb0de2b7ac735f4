"""Days that differ from the weekly hours: holidays, make-up days, short days; stored one override a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

ONE_DAY = timedelta(days=1)
LONGEST_RANGE = timedelta(days=366)


@dataclass(frozen=True)
class SpecialDays:
    """The days from `first` to `last`: closed without hours, else open for `hours` or as on the weekday `like`."""

    first: date
    last: date
    name: str = ""
    like: str = ""
    hours: tuple[tuple[str, str], ...] = ()
    yearly: bool = False

    @property
    def kind(self) -> str:
        """The kind of override in `crmcore.working_time`."""
        return "open" if self.like else "replaced" if self.hours else "closed"

    @property
    def dates(self) -> list[date]:
        return [self.first + ONE_DAY * n for n in range((self.last - self.first).days + 1)]

    @property
    def key(self) -> str:
        """Names the group on a page."""
        return f"{self.first}{'*' if self.yearly else ''}"

    def overrides(self) -> list[dict[str, Any]]:
        """One stored override for each day."""
        facts: dict[str, Any] = {"kind": self.kind}
        if self.like:
            facts["like"] = self.like
        elif self.hours:
            facts["hours"] = [list(pair) for pair in self.hours]
        facts |= {"yearly": True} if self.yearly else {}
        facts |= {"name": self.name} if self.name else {}
        return [{"date": day.isoformat(), **facts} for day in self.dates]


def grouped(overrides: Iterable[Mapping[str, Any]]) -> list[SpecialDays]:
    """Stored overrides, those of neighbouring days that say the same joined; yearly ones first."""
    groups: list[SpecialDays] = []
    for override in sorted(overrides, key=_order):
        day = _read(override)
        if groups and groups[-1].last + ONE_DAY == day.first and _same(groups[-1], day):
            groups[-1] = replace(groups[-1], last=day.last)
        else:
            groups.append(day)
    return groups


def merged(overrides: Sequence[Mapping[str, Any]], added: Iterable[SpecialDays]) -> list[dict[str, Any]]:
    """The overrides with these days on top: a day that has one already takes the new one."""
    by_day = {_order(one): dict(one) for one in overrides}
    for days in added:
        by_day |= {_order(one): one for one in days.overrides()}
    return [by_day[key] for key in sorted(by_day)]


def without(overrides: Sequence[Mapping[str, Any]], key: str) -> list[dict[str, Any]]:
    """The overrides but for the group called so."""
    gone = {_order(one) for group in grouped(overrides) if group.key == key for one in group.overrides()}
    return [dict(one) for one in overrides if _order(one) not in gone]


def _order(override: Mapping[str, Any]) -> tuple[int, str]:
    """Yearly days by their place in the year, before the dated ones."""
    day = str(override["date"])
    return (0, day[len("2026-") :]) if override.get("yearly") else (1, day)


def _read(override: Mapping[str, Any]) -> SpecialDays:
    day = date.fromisoformat(override["date"])
    hours = tuple((opened, closed) for opened, closed in override.get("hours", ()))
    name, like = str(override.get("name", "")), str(override.get("like", ""))
    return SpecialDays(day, day, name, like, hours, bool(override.get("yearly")))


def _same(group: SpecialDays, day: SpecialDays) -> bool:
    return replace(group, first=day.first, last=day.last) == day
