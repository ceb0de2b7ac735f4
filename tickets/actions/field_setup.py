"""Settings of fields and statuses: which type asks what, and what a desk calls its statuses."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.actions.codes import free_code
from crmcore.models import User
from crmcore.permissions import require
from tickets.models import Ticket, TicketField, TicketStatus, TicketType, TypeField

Row = TypeVar("Row", TypeField, TicketStatus)


class Refused(Exception):
    """A setting that something stands against, with a sentence that says what."""


@transaction.atomic
def attach_field(kind: TicketType, field: TicketField, *, by: User) -> None:
    """Let the type ask for the field, last of all; twice is once."""
    require(by, "settings", "edit")
    TicketType.objects.select_for_update().get(pk=kind.pk)
    last = kind.type_fields.aggregate(last=Max("position"))["last"]
    place = 0 if last is None else last + 1
    _row, created = TypeField.objects.get_or_create(type=kind, field=field, defaults={"position": place})
    if created:
        audit.record("ticket_type.field_added", kind, by=by, detail={"field": field.code})


@transaction.atomic
def detach_field(row: TypeField, *, by: User) -> None:
    """The type no longer asks for it; what tickets say there stays readable."""
    require(by, "settings", "edit")
    if TypeField.objects.filter(pk=row.pk).delete()[0]:
        audit.record("ticket_type.field_removed", row.type, by=by, detail={"field": row.field.code})


@transaction.atomic
def require_field(row: TypeField, when: str, *, by: User) -> None:
    """Say when the field must be filled on this type."""
    require(by, "settings", "edit")
    if TypeField.objects.filter(pk=row.pk).exclude(required=when).update(required=when):
        audit.record("ticket_type.field_required", row.type, by=by, detail={"field": row.field.code, "when": when})


@transaction.atomic
def move_field(row: TypeField, *, by: User, up: bool) -> None:
    """One place up or down among the fields of its type that are in use."""
    require(by, "settings", "edit")
    rows = list(TypeField.objects.select_for_update().filter(type=row.type_id, field__is_active=True))
    _shift(rows, row, up)
    TypeField.objects.bulk_update(rows, ["position"])
    audit.record("ticket_type.field_moved", row.type, by=by, detail={"field": row.field.code})


def is_filled_anywhere(field: TicketField) -> bool:
    """Whether any ticket says something in this field, so that its kind must stay."""
    return Ticket.objects.filter(fields__has_key=field.code).exists()


@transaction.atomic
def save_status(status: TicketStatus, *, by: User) -> None:
    """Store a status; a new one goes last. Raises Refused when tickets or its category need it as it was."""
    require(by, "settings", "edit")
    before = TicketStatus.objects.select_for_update().filter(pk=status.pk).first()
    if before is None:
        last = TicketStatus.objects.aggregate(last=Max("position"))["last"]
        status.position = 0 if last is None else last + 1
        status.code = status.code or free_code(TicketStatus.objects, status.name, "status")
    elif before.category != status.category:
        if Ticket.objects.filter(status=before).exists():
            raise Refused(_("Tickets stand in this status, so it keeps its meaning."))
        _leave_one(before)
    status.save()
    audit.record("ticket_status.changed" if before else "ticket_status.created", status, by=by)


@transaction.atomic
def retire_status(status: TicketStatus, *, by: User, retired: bool) -> None:
    """Take a status out of the menus, or back; tickets that stand in it stay. Raises Refused for a category's last."""
    require(by, "settings", "edit")
    if retired:
        _leave_one(status)
    if TicketStatus.objects.filter(pk=status.pk).exclude(is_retired=retired).update(is_retired=retired):
        audit.record("ticket_status.retired" if retired else "ticket_status.restored", status, by=by)


@transaction.atomic
def move_status(status: TicketStatus, *, by: User, up: bool) -> None:
    """One place up or down within its category; tickets move by themselves to the first."""
    require(by, "settings", "edit")
    rows = list(TicketStatus.objects.select_for_update().filter(is_retired=False, category=status.category))
    _shift(rows, status, up)
    TicketStatus.objects.bulk_update(rows, ["position"])
    audit.record("ticket_status.moved", status, by=by)


def _leave_one(status: TicketStatus) -> None:
    """Raise Refused where this is the only status in use of its category."""
    list(TicketStatus.objects.select_for_update().filter(category=status.category))
    others = TicketStatus.objects.filter(category=status.category, is_retired=False).exclude(pk=status.pk)
    if not others.exists():
        raise Refused(_("Every meaning keeps at least one status."))


def _shift(rows: list[Row], row: Row, up: bool) -> None:
    """Swap a row with its neighbour and number the places that these rows have between them anew."""
    places = sorted(one.position for one in rows)
    steps: Callable[[int], int] = (lambda at: at - 1) if up else (lambda at: at + 1)
    at = next((index for index, one in enumerate(rows) if one.pk == row.pk), None)
    if at is None or not 0 <= steps(at) < len(rows):
        return
    rows[at], rows[steps(at)] = rows[steps(at)], rows[at]
    for index, one in enumerate(rows):
        one.position = places[index] if len(set(places)) == len(places) else index
