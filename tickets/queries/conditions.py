"""Conditions: what a saved view, a policy or a rule asks of tickets, as data.

`{"all": [[field, operator, value], …], "any": [[field, operator, value], …]}`: every condition of `all` holds and,
where `any` is not empty, at least one of it. The database and a ticket in memory give the same verdict. A condition
that cannot be understood, for instance because its field was removed, holds for no ticket.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crmcore.models import User
from tickets.models import Ticket
from tickets.queries.condition_fields import ME, Field, Kind, field_called

Conditions = Mapping[str, Sequence[Sequence[Any]]]
PARTS = ("all", "any")
NOTHING = Q(pk__in=[])
LONGEST = 200
MOST = 50


@dataclass(frozen=True)
class Operator:
    """How a value is compared: as a query over one path, and with a value that a ticket holds.

    `takes_value` is false where the field alone says everything.
    """

    code: str
    label: Promise
    ask: Callable[[str, Any], Q]
    test: Callable[[Any, Any], bool]
    takes_value: bool = True
    negates: bool = False


IS = Operator("is", gettext_lazy("is"), lambda p, v: Q(**{f"{p}__in": v}), lambda a, v: a in v)
IS_NOT = replace(IS, code="is_not", label=gettext_lazy("is not"), negates=True)
FILLED = Operator(
    "filled",
    gettext_lazy("is known"),
    lambda p, _v: Q(**{f"{p}__isnull": False}),
    lambda a, _v: a is not None,
    takes_value=False,
)
EMPTY = replace(FILLED, code="empty", label=gettext_lazy("is empty"), negates=True)
# Text columns hold an empty text where nothing is known.
WRITTEN = replace(FILLED, ask=lambda p, _v: Q(**{f"{p}__gt": ""}), test=lambda a, _v: bool(a))
UNWRITTEN = replace(WRITTEN, code="empty", label=EMPTY.label, negates=True)
CONTAINS = Operator(
    "contains",
    gettext_lazy("contains"),
    lambda p, v: Q(**{f"{p}__icontains": v}),
    lambda a, v: a is not None and v.casefold() in a.casefold(),
)
LACKS = replace(CONTAINS, code="lacks", label=gettext_lazy("does not contain"), negates=True)
AT_LEAST = Operator(
    "at_least",
    gettext_lazy("is at least"),
    lambda p, v: Q(**{f"{p}__gte": v}),
    lambda a, v: a is not None and a >= v,
)
AT_MOST = Operator(
    "at_most",
    gettext_lazy("is at most"),
    lambda p, v: Q(**{f"{p}__lte": v}),
    lambda a, v: a is not None and a <= v,
)
BEFORE = Operator(
    "before",
    pgettext_lazy("hours", "longer ago than"),
    lambda p, v: Q(**{f"{p}__lt": v}),
    lambda a, v: a is not None and a < v,
)
WITHIN = Operator(
    "within",
    pgettext_lazy("hours", "within the last"),
    lambda p, v: Q(**{f"{p}__gte": v}),
    lambda a, v: a is not None and a >= v,
)
YES = Operator("yes", gettext_lazy("yes"), lambda p, _v: Q(**{p: True}), lambda a, _v: a is True, False)
NO = replace(YES, code="no", label=gettext_lazy("no"), negates=True)

_OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    Kind.CODE: (IS, IS_NOT, FILLED, EMPTY),
    Kind.ROW: (IS, IS_NOT, FILLED, EMPTY),
    Kind.WORDS: (CONTAINS, LACKS, FILLED, EMPTY),
    Kind.NUMBER: (AT_LEAST, AT_MOST, FILLED, EMPTY),
    Kind.MOMENT: (BEFORE, WITHIN, FILLED, EMPTY),
    Kind.FLAG: (YES, NO),
}


_IN_TEXT_COLUMNS = {FILLED: WRITTEN, EMPTY: UNWRITTEN}
# These take a list of values, any of which may be meant.
CHOSEN = frozenset({Kind.CODE, Kind.ROW})


def operators_of(field: Field) -> list[Operator]:
    """How the values of a field may be compared, the usual way first."""
    usual = _OPERATORS[field.kind]
    return [_IN_TEXT_COLUMNS.get(one, one) for one in usual] if field.is_text_column else list(usual)


class NotUnderstood(ValueError):
    """A condition that cannot be asked, with a sentence that says why."""


@dataclass(frozen=True)
class Condition:
    """One condition, understood: its value fits its field and operator."""

    field: Field
    operator: Operator
    value: Any

    def query(self, now: datetime, me: User | None) -> Q:
        value = self._meant(now, me)
        if self.field.any_of:
            found = self.field.any_of(value)
        else:
            found = reduce(or_, (self._at(path, value) for path in self.field.paths))
        return ~found if self.operator.negates else found

    def _at(self, path: str, value: Any) -> Q:
        asked = self.operator.ask(path, value)
        # What a document does not hold compares to neither yes nor no, and must be no to be turned round.
        return asked & Q(**{f"{path}__isnull": False}) if self.field.is_own else asked

    def holds(self, ticket: Ticket, now: datetime, me: User | None) -> bool:
        value = self._meant(now, me)
        found = any(self.operator.test(actual, value) for actual in self.field.values(ticket))
        return found != self.operator.negates

    def sentence(self) -> str:
        """The condition in the reader's words, as in `Priority is Urgent or High` or `Still open: yes`."""
        if self.field.kind == Kind.FLAG:
            return f"{self.field.label}: {self.operator.label}"
        parts = [str(self.field.label), str(self.operator.label), self._value_in_words()]
        return " ".join(part for part in parts if part)

    def _meant(self, now: datetime, me: User | None) -> Any:
        """The value with the reader's own ids for `me`, and hours as the moment that they lead back to."""
        if self.field.kind == Kind.MOMENT and self.operator.takes_value:
            return self.field.stored(now - timedelta(hours=self.value))
        if self.field.kind != Kind.ROW or not self.operator.takes_value or ME not in self.value:
            return self.value
        return [value for value in self.value if value != ME] + _ids_of(me, self.field)

    def _value_in_words(self) -> str:
        if not self.operator.takes_value:
            return ""
        if self.field.kind in CHOSEN:
            names = dict(self.field.choices())
            return _(" or ").join(str(names.get(value, "–")) for value in self.value)
        if self.field.kind == Kind.MOMENT:
            return _("%(number)s h") % {"number": self.value}
        return str(self.value)


def matching(conditions: Conditions, *, now: datetime, me: User | None = None) -> Q:
    """The tickets that meet the conditions; `me` is the reader where a condition speaks of one."""
    try:
        parts = understood(conditions)
    except NotUnderstood:
        return NOTHING
    queries = {name: [condition.query(now, me) for condition in part] for name, part in parts.items()}
    either = reduce(or_, queries["any"]) if queries["any"] else Q()
    return reduce(and_, queries["all"], either)


def holds(conditions: Conditions, ticket: Ticket, *, now: datetime, me: User | None = None) -> bool:
    """Whether one ticket in memory meets them: the verdict that `matching` gives in the database."""
    try:
        parts = understood(conditions)
    except NotUnderstood:
        return False
    either = [condition.holds(ticket, now, me) for condition in parts["any"]]
    return all(condition.holds(ticket, now, me) for condition in parts["all"]) and (any(either) or not either)


def speaks_of_reader(conditions: Conditions) -> bool:
    """Whether readers get different answers."""
    return any(_names_reader(row) for name in PARTS for row in conditions.get(name, ()))


def for_anybody(conditions: Conditions) -> Conditions:
    """The conditions without what depends on the reader: they hold wherever the whole holds for some reader."""
    every = [row for row in conditions.get("all", ()) if not _names_reader(row)]
    either = conditions.get("any", ())
    return {"all": every, "any": () if any(_names_reader(row) for row in either) else either}


def problems(conditions: Conditions) -> list[str]:
    """What keeps the conditions from being asked, in the reader's language."""
    found = []
    for condition in [one for name in PARTS for one in conditions.get(name, ())]:
        try:
            understand(condition)
        except NotUnderstood as problem:
            found.append(str(problem))
    return found


def understood(conditions: Conditions) -> dict[str, list[Condition]]:
    """The conditions by part. Raises NotUnderstood for the first that cannot be asked."""
    if set(conditions) - set(PARTS) or sum(len(part) for part in conditions.values()) > MOST:
        raise NotUnderstood(_("Conditions come as “all” and “any”, %(most)s at most.") % {"most": MOST})
    return {name: [understand(condition) for condition in conditions.get(name, ())] for name in PARTS}


def understand(condition: Sequence[Any]) -> Condition:
    """One condition from its data. Raises NotUnderstood."""
    if len(condition) != 3:
        raise NotUnderstood(_("A condition is a field, an operator and a value."))
    code, operator_code, value = condition
    field = field_called(code) if isinstance(code, str) else None
    if field is None:
        raise NotUnderstood(_("There is no field “%(code)s” (any more).") % {"code": code})
    operator = next((one for one in operators_of(field) if one.code == operator_code), None)
    if operator is None:
        raise NotUnderstood(_("“%(field)s” cannot be compared this way.") % {"field": field.label})
    if not _fits(field, operator, value):
        raise NotUnderstood(_("“%(field)s” needs a value.") % {"field": field.label})
    return Condition(field, operator, value if operator.takes_value else None)


def _fits(field: Field, operator: Operator, value: Any) -> bool:
    if not operator.takes_value:
        return True
    if field.kind in CHOSEN:
        return isinstance(value, list) and bool(value) and all(_is_choice(field, one) for one in value)
    if field.kind == Kind.WORDS:
        return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST and "\0" not in value
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000


def _is_choice(field: Field, value: Any) -> bool:
    if field.kind == Kind.CODE:
        return isinstance(value, str)
    return value == ME or (isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63)


def _ids_of(me: User | None, field: Field) -> list[int]:
    if me is None:
        return []
    own = {"queue": me.queues, "team": me.teams}.get(field.code)
    return [me.pk] if own is None else list(own.values_list("pk", flat=True))


def _names_reader(condition: Sequence[Any]) -> bool:
    value = condition[2] if len(condition) == 3 else None
    return isinstance(value, list) and ME in value
