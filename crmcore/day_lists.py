"""Lists of special days as they are pasted or imported: lines of a table, or an iCalendar file."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from crmcore.hours_text import read_hours
from crmcore.special_days import LONGEST_RANGE, SpecialDays
from crmcore.working_time import WEEKDAYS

_CELLS = re.compile(r"[,;\t]")
_DATE = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")
# A day without a year comes back every year; a leap year lets it be the 29th of February.
_ANY_YEAR = 2000
_CLOSED = frozenset({"closed", "holiday", "休", "放假", "休息", "节假日"})
_WORKED = frozenset({"open", "work", "班", "上班", "补班", "调休"})
_NO_HOURS: tuple[tuple[str, str], ...] = ()
_HEADINGS = frozenset({"date", "first", "from", "start", "日期", "开始日期"})


@dataclass(frozen=True)
class BadLine:
    """A line that could not be read, by its number, with the reason."""

    number: int
    text: str
    reason: str


def read_list(text: str) -> tuple[list[SpecialDays], list[BadLine]]:
    """The days of a list, and the lines of it that say nothing a calendar can use."""
    lines = text.lstrip("\ufeff").splitlines()
    read = _events(lines) if text.lstrip("\ufeff \n\r").startswith("BEGIN:VCALENDAR") else _rows(lines)
    days, bad = [], []
    for one in read:
        if isinstance(one, BadLine):
            bad.append(one)
        else:
            days.append(one)
    return days, bad


def _rows(lines: list[str]) -> Iterator[SpecialDays | BadLine]:
    for number, line in enumerate(lines, 1):
        cells = [cell.strip().strip('"') for cell in _CELLS.split(unicodedata.normalize("NFKC", line))]
        if not any(cells) or (number == 1 and cells[0].lower() in _HEADINGS):
            continue
        try:
            yield _row(cells)
        except ValueError as error:
            yield BadLine(number, line.strip(), str(error))


def _row(cells: list[str]) -> SpecialDays:
    """`first, last, what, name`: the last day and what is done on it may be left out."""
    first, yearly = _date(cells[0])
    rest = cells[1:]
    last = first
    if rest and (not rest[0] or _DATE.fullmatch(rest[0])):
        last = _date(rest[0])[0] if rest[0] else first
        rest = rest[1:]
    like, hours = "", _NO_HOURS
    if rest and (said := _what(rest[0])) is not None:
        (like, hours), rest = said, rest[1:]
    return _checked(SpecialDays(first, last, " ".join(filter(None, rest))[:80], like, hours, yearly))


def _what(cell: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """What a cell says of the day: a weekday to work like, hours, closed; None for a name."""
    word = cell.lower()
    if word in _WORKED:
        return "mon", ()
    if word[:3] in WEEKDAYS and word.isascii() and word.isalpha():
        return word[:3], ()
    if word in _CLOSED or not word:
        return "", ()
    if word[0].isdigit():
        return "", tuple((opened, closed) for opened, closed in read_hours(cell))
    return None


def _date(text: str) -> tuple[date, bool]:
    """The date, and whether it comes back every year because it has none."""
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        year, month, day = found.groups()
        return date(int(year or _ANY_YEAR), int(month), int(day)), year is None
    except ValueError:
        raise ValueError(_("“%(date)s” is not a date such as 2026-10-01.") % {"date": text}) from None


def _checked(days: SpecialDays) -> SpecialDays:
    if days.last < days.first:
        raise ValueError(_("The last day lies before the first."))
    if days.last - days.first > LONGEST_RANGE:
        raise ValueError(_("A range may not be longer than a year."))
    return days


def _events(lines: list[str]) -> Iterator[SpecialDays | BadLine]:
    """The all-day events of an iCalendar file; a Chinese list marks days to work with 班."""
    began = 0
    facts: dict[str, str] = {}
    for number, line in _unfolded(lines):
        name, _colon, value = line.partition(":")
        name = name.partition(";")[0].upper()
        if line.strip() == "BEGIN:VEVENT":
            began, facts = number, {}
        elif line.strip() == "END:VEVENT" and began:
            try:
                yield _event(facts)
            except ValueError as error:
                yield BadLine(began, facts.get("SUMMARY", ""), str(error))
            began = 0
        elif began:
            facts[name] = value.strip()


def _event(facts: dict[str, str]) -> SpecialDays:
    first = _compact(facts.get("DTSTART", ""))
    # The end of an all-day event is the day after its last.
    last = _compact(facts["DTEND"]) - timedelta(days=1) if "DTEND" in facts else first
    name = facts.get("SUMMARY", "").replace("\\,", ",").replace("\\;", ";").replace("\\n", " ")[:80]
    yearly = "FREQ=YEARLY" in facts.get("RRULE", "").upper()
    return _checked(SpecialDays(first, last, name, like="mon" if "班" in name else "", yearly=yearly))


def _compact(text: str) -> date:
    if len(text) != len("20261001") or not text.isdigit():
        raise ValueError(_("Only events of whole days can be read."))
    return date.fromisoformat(text)


def _unfolded(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines with their continuations, which begin with a space."""
    began, whole = 0, ""
    for number, line in enumerate(lines, 1):
        if line[:1] in (" ", "\t"):
            whole += line[1:]
            continue
        if whole:
            yield began, whole
        began, whole = number, line
    if whole:
        yield began, whole
