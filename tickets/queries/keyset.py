"""Pages by key: what follows a row in an order, without counting and without offsets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

M = TypeVar("M", bound=Model)
PAGE_SIZE = 50


@dataclass(frozen=True)
class Order:
    """By a moment, then by id; rows without the moment stand last in an ascending order and first in others."""

    field: str
    ascending: bool = False


@dataclass(frozen=True)
class Cursor:
    """A place between two rows, and which way to read from it."""

    moment: datetime | None
    pk: int
    backwards: bool = False

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """The cursor written by `__str__`, None for anything else."""
        way, _, rest = text.partition("~")
        moment, _, pk = rest.partition("~")
        try:
            return cls(datetime.fromisoformat(moment) if moment else None, int(pk), backwards=way == "b")
        except ValueError:
            return None

    def __str__(self) -> str:
        moment = self.moment.isoformat() if self.moment else ""
        return f"{'b' if self.backwards else 'f'}~{moment}~{self.pk}"


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows with the cursors before the first and after the last, empty where nothing lies there."""

    rows: list[M]
    before: str = ""
    after: str = ""


def page_of(rows: QuerySet[M], order: Order, at: str = "", size: int = PAGE_SIZE) -> Page[M]:
    """The page of an ordered list at a cursor, the first one for an empty or broken cursor."""
    cursor = Cursor.parse(at)
    backwards = cursor is not None and cursor.backwards
    if cursor is not None:
        rows = rows.filter(_beyond(order, cursor, may_be_empty=rows.model._meta.get_field(order.field).null))
    found = list(rows.order_by(*_ordering(order, reverse=backwards))[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_before, has_after = (more, True) if backwards else (cursor is not None, more)
    return Page(
        found,
        before=str(_at(found[0], order, backwards=True)) if found and has_before else "",
        after=str(_at(found[-1], order, backwards=False)) if found and has_after else "",
    )


def _at(row: M, order: Order, *, backwards: bool) -> Cursor:
    return Cursor(getattr(row, order.field), row.pk, backwards)


def _ordering(order: Order, *, reverse: bool) -> list[OrderBy | str]:
    field = F(order.field)
    up = order.ascending != reverse
    if not order.ascending:
        return [field.asc(), "pk"] if up else [field.desc(), "-pk"]
    return [field.asc(nulls_last=True), "pk"] if up else [field.desc(nulls_first=True), "-pk"]


def _beyond(order: Order, cursor: Cursor, *, may_be_empty: bool) -> Q:
    field, up = order.field, order.ascending != cursor.backwards
    way = "gt" if up else "lt"
    next_pk = Q(**{f"pk__{way}": cursor.pk})
    if cursor.moment is None:
        among_empty = Q(**{f"{field}__isnull": True}) & next_pk
        return among_empty if up else among_empty | Q(**{f"{field}__isnull": False})
    # The first condition alone bounds the index scan.
    filled = Q(**{f"{field}__{way}e": cursor.moment}) & (Q(**{f"{field}__{way}": cursor.moment}) | next_pk)
    return filled | Q(**{f"{field}__isnull": True}) if up and may_be_empty else filled
