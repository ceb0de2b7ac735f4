"""Conditions as rows of a form: field, operator, value. Whoever builds a form around them embeds `_conditions.html`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tickets.queries.condition_fields import Choice, Field, Kind, field_called, fields
from tickets.queries.conditions import (
    CHOSEN,
    MOST,
    PARTS,
    Conditions,
    NotUnderstood,
    Operator,
    operators_of,
    understand,
)

_TITLES: Mapping[str, Promise] = {
    "all": gettext_lazy("Every one of these holds"),
    "any": gettext_lazy("And at least one of these"),
}
# A list as long as this gets a field to find the choice by.
LONG_LIST = 12


@dataclass(frozen=True)
class Row:
    """One row as it is shown; `key` is the beginning of its controls' names. An empty field is a row not filled in."""

    key: str
    field: Field | None = None
    operator: Operator | None = None
    value: Any = None
    error: str = ""

    @property
    def fields(self) -> list[Field]:
        return list(fields().values())

    @property
    def operators(self) -> Sequence[Operator]:
        return operators_of(self.field) if self.field else ()

    @property
    def control(self) -> str:
        """What the value is typed or chosen with; empty for an operator that needs none."""
        if self.field is None or self.operator is None or not self.operator.takes_value:
            return ""
        if self.field.kind in CHOSEN:
            return "pick"
        return "words" if self.field.kind == Kind.WORDS else "hours" if self.field.kind == Kind.MOMENT else "number"

    @property
    def choices(self) -> list[tuple[Choice, bool]]:
        """The choices of a list, each with whether it is chosen."""
        chosen = set(self.value or ()) if self.field else set()
        return [((value, label), value in chosen) for value, label in (self.field.choices() if self.field else ())]

    @property
    def chosen_words(self) -> str:
        return pgettext("between parts", ", ").join(label for (_value, label), is_chosen in self.choices if is_chosen)

    @property
    def is_long(self) -> bool:
        return len(self.choices) > LONG_LIST

    @property
    def data(self) -> list[Any] | None:
        """The condition as data, None for a row that was not filled in."""
        return [self.field.code, self.operator.code, self.value] if self.field and self.operator else None


@dataclass(frozen=True)
class Part:
    """The rows under one heading, with an empty one to add to."""

    code: str
    title: Promise
    rows: list[Row]


class ConditionsForm:
    """The rows of both parts, as stored or as posted. `prefix` keeps several such forms on one page apart."""

    def __init__(self, data: QueryDict | None = None, initial: Conditions | None = None, prefix: str = "if") -> None:
        self.prefix = prefix
        self.parts = [
            Part(code, _TITLES[code], list(self._posted(data, code) if data else self._stored(initial or {}, code)))
            for code in PARTS
        ]

    @property
    def value(self) -> dict[str, list[Any]]:
        """The conditions as data; parts without rows are missing."""
        filled = {part.code: [row.data for row in part.rows if row.data] for part in self.parts}
        return {code: rows for code, rows in filled.items() if rows}

    def is_valid(self) -> bool:
        return not any(row.error for part in self.parts for row in part.rows)

    def _stored(self, conditions: Conditions, part: str) -> Iterator[Row]:
        for place, (code, operator, value) in enumerate(conditions.get(part, ())):
            key = f"{self.prefix}-{part}-{place}"
            field = field_called(code)
            if field:
                yield Row(key, field, _operator(field, operator), value)
            else:
                yield Row(key, error=_("There is no field “%(code)s” (any more).") % {"code": code})
        yield Row(f"{self.prefix}-{part}-{len(conditions.get(part, ()))}")

    def _posted(self, data: QueryDict, part: str) -> Iterator[Row]:
        keys = sorted({key for name in data if (key := _key_of(name, f"{self.prefix}-{part}-"))}, key=_place)
        rows = [read_row(data, key) for key in keys[:MOST]]
        yield from (_checked(row) for row in rows if row.field)
        yield Row(f"{self.prefix}-{part}-{_place(keys[-1]) + 1 if keys else 0}")


def read_row(data: QueryDict, key: str) -> Row:
    """The row of one key as it stands in a form, its operator and value fitted to a field that was just changed."""
    field = field_called(data.get(f"{key}-field", ""))
    if field is None:
        return Row(key)
    operator = _operator(field, data.get(f"{key}-operator", ""))
    return Row(key, field, operator, _read_value(field, operator, data.getlist(f"{key}-value")))


def _operator(field: Field, code: str) -> Operator:
    usual = operators_of(field)
    return next((one for one in usual if one.code == code), usual[0])


def _read_value(field: Field, operator: Operator, typed: list[str]) -> Any:
    if not operator.takes_value:
        return None
    if field.kind in CHOSEN:
        return [value for value, _label in field.choices() if str(value) in typed]
    text = typed[0].strip() if typed else ""
    return text if field.kind == Kind.WORDS else int(text) if text.isascii() and text.isdecimal() else None


def _checked(row: Row) -> Row:
    try:
        understand(row.data or ())
    except NotUnderstood as problem:
        return Row(row.key, row.field, row.operator, row.value, str(problem))
    return row


def _key_of(name: str, start: str) -> str:
    """`if-all-3` for `if-all-3-field`, empty for a control of something else."""
    place = name.removeprefix(start).partition("-")[0]
    return f"{start}{place}" if name.startswith(start) and place.isascii() and place.isdecimal() else ""


def _place(key: str) -> int:
    return int(key.rpartition("-")[2])
