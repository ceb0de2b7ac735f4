"""Lists that a desk keeps itself: entries are added, changed, put in order and retired, never deleted."""

from typing import Any

from django.db import transaction
from django.db.models import Max

from crmcore.actions import audit
from crmcore.actions.codes import free_code
from crmcore.models import ListEntry, Outcome, User
from crmcore.permissions import require


@transaction.atomic
def save_entry(entry: Any, *, by: User) -> None:
    """Store the entry; a new one goes to the end of its list and gets a code that stays."""
    require(by, "settings", "edit")
    entries: Any = type(entry)._default_manager
    is_new = entry.pk is None
    if is_new:
        last = entries.aggregate(last=Max("position"))["last"]
        entry.position = 0 if last is None else last + 1
        entry.code = entry.code or free_code(entries, entry.name, "entry")
    entry.save()
    _note(entry, "created" if is_new else "changed", by)


@transaction.atomic
def move_entry(entry: ListEntry, *, by: User, up: bool) -> None:
    """One place up or down among its neighbours; at the end of the list nothing moves."""
    require(by, "settings", "edit")
    rows = list(type(entry)._default_manager.select_for_update(of=("self",)).order_by("position", "pk"))
    beside = set(entry.neighbours().values_list("pk", flat=True))
    shown = [row for row in rows if row.pk in beside]
    place = next((index for index, row in enumerate(shown) if row.pk == entry.pk), None)
    other = None if place is None else place + (-1 if up else 1)
    if place is None or other is None or not 0 <= other < len(shown):
        return
    first, second = rows.index(shown[place]), rows.index(shown[other])
    rows[first], rows[second] = rows[second], rows[first]
    for position, row in enumerate(rows):
        row.position = position
    type(entry)._default_manager.bulk_update(rows, ["position"])
    _note(entry, "moved", by)


@transaction.atomic
def set_in_use(entry: ListEntry, *, by: User, in_use: bool) -> None:
    """Retire an entry or take it back; what was said with it keeps its name. A digit that is taken by now is lost."""
    require(by, "settings", "edit")
    if in_use and isinstance(entry, Outcome) and entry.rivals().exists():
        Outcome.objects.filter(pk=entry.pk).update(digit=None)
    changed = type(entry)._default_manager.filter(pk=entry.pk).exclude(is_active=in_use).update(is_active=in_use)
    if changed:
        _note(entry, "restored" if in_use else "retired", by)


def _note(entry: ListEntry, what: str, by: User) -> None:
    audit.record(f"{entry._meta.model_name}.{what}", entry, by=by, detail={"name": entry.name})
