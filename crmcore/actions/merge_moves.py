"""Moving all that leads to one customer over to another, with a record by which it is moved back."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Model

from crmcore.actions.merge_rules import FOLDS, YIELDS
from crmcore.actions.row_record import Record, written_down
from crmcore.models import AccountContact, ContactPoint
from crmcore.queries.customer_links import Customer, Link, Slot, links_to


@dataclass
class Moves:
    """What was done, in the shapes of `CustomerMerge.before`."""

    moved: dict[str, list[int]] = field(default_factory=dict)
    removed: Record = field(default_factory=list)
    changed: list[Record] = field(default_factory=list)

    def change(self, row: Model, values: dict[str, Any]) -> None:
        """Write values into a row, and down what it was."""
        different = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not different:
            return
        rows = type(row)._base_manager.filter(pk=row.pk)
        (before,) = written_down(rows)
        rows.update(**different)
        (after,) = written_down(rows)
        self.changed.append([before, after])


def move_all(source: Customer, survivor: Customer) -> Moves:
    """Let every row that leads to `source` lead to `survivor`; rows that cannot stand twice go by their rules."""
    moves = Moves()
    for link in links_to(type(source)):
        _move(link, source.pk, survivor.pk, moves)
    return moves


def move_back(before: dict[str, Any], source: Customer, survivor: Customer) -> None:
    """Undo `move_all`; rows that have gone elsewhere since, or got another value, are left as they are."""
    for link in links_to(type(source)):
        link.rows(survivor.pk).filter(pk__in=before["moved"].get(link.name, [])).update(**{link.field: source.pk})
    for was, became in reversed(before["changed"]):
        restore_fields(apps.get_model(was["model"]), was, became)
    for row in before["removed"]:
        _insert(apps.get_model(row["model"]), row)


def restore_fields(model: type[Model], was: dict[str, Any], became: dict[str, Any]) -> list[str]:
    """Give the fields that were changed their former values; the names of those that somebody has changed since."""
    found = written_down(model._base_manager.filter(pk=was["pk"]))
    if not found:
        return []
    differing = [name for name, value in became["fields"].items() if was["fields"][name] != value]
    kept = [name for name in differing if found[0]["fields"][name] != became["fields"][name]]
    back = _values(model, {name: was["fields"][name] for name in differing if name not in kept})
    if back:
        model._base_manager.filter(pk=was["pk"]).update(**back)
    return kept


def _move(link: Link, source_id: int, survivor_id: int, moves: Moves) -> None:
    staying: set[int] = set()
    for slot in link.slots():
        staying |= _make_room(link, slot, source_id, survivor_id, moves)
    if link.model is ContactPoint:
        # Only what has not been folded: a row that was changed first would come back changed.
        _prefer_the_survivors(link, source_id, survivor_id, moves)
    rows = link.rows(source_id).exclude(pk__in=staying).exclude(pk__in=[survivor_id] if _is_own(link) else [])
    keys = list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk", flat=True))
    if keys:
        moves.moved[link.name] = keys
        link.model._base_manager.filter(pk__in=keys).update(**{link.field: survivor_id})


def _make_room(link: Link, slot: Slot, source_id: int, survivor_id: int, moves: Moves) -> set[int]:
    """Fold or change the source's rows for which the survivor has one already; the keys of those that must stay."""
    taken = {_value(row, slot): row for row in link.rows(survivor_id).filter(slot.where)}
    staying = set()
    for row in link.rows(source_id).filter(slot.where) if taken else ():
        kept = taken.get(_value(row, slot))
        if kept is None or None in _value(row, slot):
            continue
        if slot.name in YIELDS:
            moves.change(row, YIELDS[slot.name](row))
        elif slot.name in FOLDS:
            _fold(row, kept, slot, moves)
        else:
            staying.add(row.pk)
    return staying


def _fold(row: Any, kept: Any, slot: Slot, moves: Moves) -> None:
    values = FOLDS[slot.name](kept, row)
    for relation in row._meta.related_objects:
        column = relation.field.attname
        for hanging in relation.related_model._base_manager.filter(**{column: row.pk}):
            moves.change(hanging, {column: kept.pk})
    moves.removed += written_down(type(row)._base_manager.filter(pk=row.pk))
    row.delete()
    moves.change(kept, values)


def _prefer_the_survivors(link: Link, source_id: int, survivor_id: int, moves: Moves) -> None:
    """Of each kind one way is preferred, that of the survivor."""
    kinds = link.rows(survivor_id).filter(is_preferred=True).values_list("kind", flat=True)
    for point in link.rows(source_id).filter(is_preferred=True, kind__in=list(kinds)):
        moves.change(point, {"is_preferred": False})


def _insert(model: type[Model], row: dict[str, Any]) -> None:
    """Write a removed row again under its old key, unless its place has been taken since."""
    values = _values(model, row["fields"])
    if model is AccountContact and values["is_primary"]:
        first = AccountContact.objects.filter(account=values["account_id"], is_primary=True)
        values["is_primary"] = not first.exists()
    model._base_manager.bulk_create([model(pk=row["pk"], **values)], ignore_conflicts=True)


def _value(row: Any, slot: Slot) -> tuple[Any, ...]:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in slot.others)


def _values(model: type[Model], fields: dict[str, Any]) -> dict[str, Any]:
    """The columns of a record as the model holds them."""
    known: dict[str, Any] = {name: model._meta.get_field(name) for name in fields}
    return {field.attname: field.to_python(fields[name]) for name, field in known.items()}


def _is_own(link: Link) -> bool:
    return link.field == "merged_into"
