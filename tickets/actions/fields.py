"""Filling in a ticket's own fields: checked, conflict safe, told on the timeline in both languages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import Account, User
from tickets.actions.changing import StaleTicket, changing, unseen
from tickets.actions.entries import append_event, index
from tickets.actions.stage_visits import heed_alarms
from tickets.field_values import WITH_CHOICES, BadValue, FieldKind, Value, checked
from tickets.models import Ticket, TicketField
from tickets.queries.fields import fields_of, names_of, text_of, told


class BadFields(ValueError):
    """Values that were refused, by the code of their field."""

    def __init__(self, problems: Mapping[str, BadValue]) -> None:
        super().__init__(", ".join(problems))
        self.problems = dict(problems)


def set_fields(ticket: Ticket, values: Mapping[str, object], *, by: User | None, seen_seq: int | None = None) -> Ticket:
    """Fill in or, with None, empty these fields; what is not named stays.

    Raises BadFields, and StaleTicket when somebody else changed one of the same fields after `seen_seq`.
    """
    with changing(ticket) as ticket:
        if seen_seq is not None and _changed_by_others(ticket, values, seen_seq, by):
            raise StaleTicket(ticket.number)
        at = now()
        fill_in(ticket, checked_fields(ticket, values), by=by, at=at)
        heed_alarms(ticket, values, by=by, at=at)
    return ticket


def checked_fields(ticket: Ticket, values: Mapping[str, object]) -> dict[TicketField, Value | None]:
    """Values as they are stored, by field. A choice no longer offered may stay where it is. Raises BadFields."""
    known = {field.code: field for field in fields_of(ticket.type)}
    good: dict[TicketField, Value | None] = {}
    problems: dict[str, BadValue] = {}
    for code, value in values.items():
        try:
            if code not in known:
                raise BadValue("unknown")
            good[known[code]] = _checked(known[code], value, ticket.fields.get(code))
        except BadValue as problem:
            problems[code] = problem
    if problems:
        raise BadFields(problems)
    return good


def require_on_opening(ticket: Ticket, by: User | None) -> None:
    """Refuse a new ticket without what its type asks for, a customer's without what customers see. Raises BadFields."""
    asked = [TicketField.Audience.WRITE] if by is not None and by.is_portal else ()
    required = fields_of(ticket.type, audience=asked).filter(type_fields__required="opening")
    if empty := {field.code: BadValue("required") for field in required if field.code not in ticket.fields}:
        raise BadFields(empty)


def fill_in(ticket: Ticket, values: Mapping[TicketField, Value | None], *, by: User | None, at: datetime) -> None:
    """Write checked values on a locked ticket; only what differs is told."""
    changed = {field: value for field, value in values.items() if ticket.fields.get(field.code) != value}
    if not changed:
        return
    after = {**ticket.fields, **{field.code: value for field, value in changed.items()}}
    names = names_of(changed, (ticket.fields, after))
    changes = [
        {
            "code": field.code,
            "name": [field.name, field.name_zh or field.name],
            "was": told(field, ticket.fields.get(field.code), names),
            "now": told(field, value, names),
        }
        for field, value in changed.items()
    ]
    ticket.fields = {code: value for code, value in after.items() if value is not None}
    append_event(ticket, "fields", by=by, at=at, changes=changes)
    audit.record("ticket.fields_set", ticket, by=by, detail={field.code: value for field, value in changed.items()})
    words = [_words(field, value, names) for field, value in changed.items() if field.is_searchable]
    if found_by := " ".join(filter(None, words)):
        index(ticket, {"B": found_by})


def _checked(field: TicketField, value: object, present: object) -> Value | None:
    held = present if isinstance(present, list) else [present]
    offered = [choice.code for choice in field.all_choices if choice.is_offered or choice.code in held]
    good = checked(field.kind, value, offered if field.kind in WITH_CHOICES else ())
    people: dict[str, Any] = {
        FieldKind.CUSTOMER: Account.objects.all(),
        FieldKind.COLLEAGUE: User.objects.filter(kind=User.Kind.STAFF),
    }
    if good is not None and field.kind in people and not people[field.kind].filter(pk=good).exists():
        raise BadValue("reference")
    return good


def _changed_by_others(ticket: Ticket, values: Mapping[str, object], seen_seq: int, by: User | None) -> bool:
    later = unseen(ticket, seen_seq, by).filter(event="fields").values_list("detail", flat=True)
    codes: set[Any] = {change["code"] for detail in later for change in detail["changes"]}
    return bool(codes & values.keys())


def _words(field: TicketField, value: Value | None, names: Mapping[tuple[str, int], str]) -> str:
    """What search finds the value by: a list's entry under its name in either language."""
    said = told(field, value, names)
    return " ".join(said) if isinstance(said, list) else text_of(field, value, names)
