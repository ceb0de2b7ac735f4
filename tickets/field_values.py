"""The kinds of a desk's own fields, and what a value of each kind must be. Values are plain JSON."""

import math
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import NoReturn

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Value = str | int | float | bool | list[str]

LONGEST = {"text": 200, "long_text": 10_000}
# What JSON readers and PostgreSQL both keep exactly.
GREATEST = 10**15 - 1
DIGITS = 15


class FieldKind(TextChoices):
    TEXT = "text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    WHOLE = "whole", _("Whole number")
    DECIMAL = "decimal", _("Decimal number")
    MONEY = "money", _("Amount of money")
    DATE = "date", _("Date")
    MOMENT = "moment", _("Date and time")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One choice")
    CHOICES = "choices", _("Several choices")
    CUSTOMER = "customer", _("Customer")
    COLLEAGUE = "colleague", _("Colleague")


WITH_CHOICES = (FieldKind.CHOICE, FieldKind.CHOICES)

PROBLEMS = {
    "unknown": _("There is no such field here"),
    "required": _("Fill this in"),
    "text": _("Write text"),
    "too_long": _("This is too long"),
    "number": _("Write a number"),
    "too_great": _("This number is too great"),
    "date": _("Write a date, as in 2026-11-22"),
    "moment": _("Write a date and a time with its zone, as in 2026-11-22T15:30+08:00"),
    "yes_no": _("Say yes or no"),
    "choice": _("Choose one of the list"),
    "reference": _("There is nobody with this number"),
}


class BadValue(ValueError):
    """A value that its field does not take; `code` is a key of `PROBLEMS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        return str(PROBLEMS[self.code])


def checked(kind: str, value: object, allowed: Sequence[str] = ()) -> Value | None:
    """The value as it is stored, None where nothing was said. Raises BadValue.

    `allowed` are the codes of choices. Money is in minor units, moments carry their zone and are kept in UTC;
    customers and colleagues go by id, and whether they exist is for the caller to ask.
    """
    if value is None or (isinstance(value, str) and not value.strip()) or value == []:
        return None
    if kind == FieldKind.CHOICE:
        return _choice(value, allowed)
    if kind == FieldKind.CHOICES:
        return _choices(value, allowed)
    return _CHECKS[FieldKind(kind)](value)


def _text(value: object, longest: int, *, lines: bool) -> str:
    if not isinstance(value, str):
        raise BadValue("text")
    text = value.replace("\r\n", "\n").strip()
    kept = "".join(sign for sign in text if not _is_control(sign, lines=lines))
    if len(kept) > longest:
        raise BadValue("too_long")
    return kept


def _is_control(sign: str, *, lines: bool) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs") and not (lines and sign in "\n\t")


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadValue("number")
    if abs(value) > GREATEST:
        raise BadValue("too_great")
    return value


def _decimal(value: object) -> int | float:
    if isinstance(value, float) and math.isfinite(value) and abs(value) <= GREATEST:
        rounded = float(f"{value:.{DIGITS}g}")
        return int(rounded) if rounded.is_integer() else rounded
    if isinstance(value, float):
        raise BadValue("too_great" if math.isfinite(value) else "number")
    return _whole(value)


def _date(value: object) -> str:
    try:
        return date.fromisoformat(value).isoformat() if isinstance(value, str) else _refuse("date")
    except ValueError:
        raise BadValue("date") from None


def _moment(value: object) -> str:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadValue("moment")
    try:
        return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    except OverflowError:
        raise BadValue("moment") from None


def _yes_no(value: object) -> bool:
    return value if isinstance(value, bool) else _refuse("yes_no")


def _reference(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= GREATEST:
        raise BadValue("reference")
    return value


def _choice(value: object, allowed: Sequence[str]) -> str:
    return value if isinstance(value, str) and value in allowed else _refuse("choice")


def _choices(value: object, allowed: Sequence[str]) -> list[str]:
    """In the order of the list, each once."""
    if not isinstance(value, list) or any(code not in allowed for code in value):
        raise BadValue("choice")
    return [code for code in allowed if code in value]


def _refuse(code: str) -> NoReturn:
    raise BadValue(code)


_CHECKS: dict[FieldKind, Callable[[object], Value]] = {
    FieldKind.TEXT: lambda value: _text(value, LONGEST["text"], lines=False),
    FieldKind.LONG_TEXT: lambda value: _text(value, LONGEST["long_text"], lines=True),
    FieldKind.WHOLE: _whole,
    FieldKind.DECIMAL: _decimal,
    FieldKind.MONEY: _whole,
    FieldKind.DATE: _date,
    FieldKind.MOMENT: _moment,
    FieldKind.YES_NO: _yes_no,
    FieldKind.CUSTOMER: _reference,
    FieldKind.COLLEAGUE: _reference,
}
