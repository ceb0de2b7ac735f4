"""A ticket's own fields as people read them: which there are, what stands in them, what is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, override, pgettext

from crmcore.models import Account, User
from crmcore.money import from_minor
from tickets.field_values import FieldKind, Value
from tickets.models import Ticket, TicketField, TicketType

Names = Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class ShownField:
    """A field of a ticket with its value in the reader's language, empty where nothing was said."""

    field: TicketField
    text: str
    customer: int | None = None


def fields_of(kind: TicketType, *, audience: Iterable[str] = ()) -> "QuerySet[TicketField]":
    """The fields in use on a type, in order; each knows as `is_required` when it must be filled there."""
    rows = TicketField.objects.filter(type_fields__type=kind, is_active=True)
    if audience:
        rows = rows.filter(audience__in=audience)
    return rows.annotate(required=F("type_fields__required")).order_by("type_fields__position", "pk")


def shown_fields(ticket: Ticket, *, for_customer: bool = False) -> list[ShownField]:
    """The fields of the ticket's type and, where a value was kept from another type, those as well."""
    fields = list(fields_of(ticket.type))
    known = {field.code for field in fields}
    kept = [code for code in ticket.fields if code not in known]
    if kept:
        fields += TicketField.objects.filter(code__in=kept)
    if for_customer:
        fields = [field for field in fields if field.audience != TicketField.Audience.STAFF]
    names = names_of(fields, [ticket.fields])
    return [_shown(field, ticket.fields.get(field.code), names) for field in fields]


def names_of(fields: Iterable[TicketField], values: Iterable[Mapping[str, Any]]) -> Names:
    """The names of the customers and colleagues that stand in these values, read at once."""
    wanted: dict[str, set[int]] = {FieldKind.CUSTOMER: set(), FieldKind.COLLEAGUE: set()}
    rows = list(values)
    for field in fields:
        if field.kind in wanted:
            wanted[field.kind] |= {row[field.code] for row in rows if isinstance(row.get(field.code), int)}
    found: dict[tuple[str, int], str] = {}
    models: tuple[tuple[FieldKind, Any], ...] = ((FieldKind.CUSTOMER, Account), (FieldKind.COLLEAGUE, User))
    for kind, model in models:
        if wanted[kind]:
            people = model.objects.filter(pk__in=wanted[kind]).values_list("pk", "name")
            found |= {(kind.value, pk): name for pk, name in people}
    return found


def text_of(field: TicketField, value: Value | None, names: Names) -> str:
    """A value in the active language and zone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return pgettext("answer", "Yes") if value else pgettext("answer", "No")
    if field.kind == FieldKind.MONEY and isinstance(value, int):
        return f"{field.currency} {from_minor(value, field.currency):,}"
    if field.kind in (FieldKind.CUSTOMER, FieldKind.COLLEAGUE) and isinstance(value, int):
        return names.get((field.kind, value), f"#{value}")
    if isinstance(value, int | float):
        return f"{value:,}"
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        return _labels(field, value if isinstance(value, list) else [value])
    return said_on(str(value)) if field.kind in (FieldKind.DATE, FieldKind.MOMENT) else str(value)


def said_on(value: str) -> str:
    """A stored date or moment as the reader writes it."""
    chinese = (get_language() or "").startswith("zh")
    day_form = "Y年n月j日" if chinese else "j M Y"
    if "T" not in value:
        return date_format(date.fromisoformat(value), day_form)
    return date_format(timezone.localtime(datetime.fromisoformat(value)), f"{day_form} H:i")


def told(field: TicketField, value: Value | None, names: Names) -> list[str] | str | None:
    """A value for the timeline: its text in both languages, or the bare moment for each reader's own zone."""
    if value is None:
        return None
    if field.kind in (FieldKind.DATE, FieldKind.MOMENT):
        return str(value)
    pair = []
    for language in ("en", "zh-hans"):
        with override(language):
            pair.append(text_of(field, value, names))
    return pair


def missing(ticket: Ticket, codes: Iterable[str]) -> list[TicketField]:
    """Of these fields those that say nothing yet."""
    empty = [code for code in codes if code not in ticket.fields]
    return list(TicketField.objects.filter(code__in=empty, is_active=True)) if empty else []


def missing_for_solving(ticket: Ticket) -> list[TicketField]:
    """What the type asks for before the ticket may be solved and does not have."""
    fields = fields_of(ticket.type).filter(type_fields__required__in=("opening", "solving"))
    return [field for field in fields if field.code not in ticket.fields]


def _shown(field: TicketField, value: Any, names: Names) -> ShownField:
    customer = value if field.kind == FieldKind.CUSTOMER and isinstance(value, int) else None
    return ShownField(field, text_of(field, value, names), customer)


def _labels(field: TicketField, codes: list[Any]) -> str:
    labels = {choice.code: choice.label for choice in field.all_choices}
    return pgettext("between parts", ", ").join(labels.get(code, str(code)) for code in codes)
