"""Merging two customers of one kind, and parting them again for thirty days."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import TextField
from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.actions.announcements import announce
from crmcore.actions.contact_points import keep_search_keys
from crmcore.actions.merge_moves import Moves, move_all, move_back, restore_fields
from crmcore.actions.row_record import written_down
from crmcore.clock import now
from crmcore.models import Account, Contact, CustomerMerge, User
from crmcore.queries.merges import CHOSEN, joined, seen_as, stands_upon
from crmcore.queries.rights import require_reach

C = TypeVar("C", Account, Contact)

UNDO_FOR = timedelta(days=30)
GATHERED_FOR = timedelta(hours=1)
_WAITS = "5s"
_MODELS: dict[str, type[Account] | type[Contact]] = {"account": Account, "contact": Contact}


@transaction.atomic
def merge_customers(
    source: C, survivor: C, *, by: User, choices: Mapping[str, str] | None = None, seen: str = ""
) -> CustomerMerge:
    """Let `source` go into `survivor` with all that leads to it; again is no change.

    `choices` say by field whether the survivor takes the `source`'s value or, of texts, `both`; a field that the
    survivor has left empty takes the source's. `seen` is `seen_as` of the page that asked. Raises ValidationError
    where the two cannot be merged or have changed since they were seen, PermissionDenied.
    """
    for customer in (source, survivor):
        for right in ("merge", "edit"):
            require_reach(by, right, customer, merged_too=True)
    source, survivor = _locked(source, survivor)
    if source.merged_into_id == survivor.pk:
        return CustomerMerge.objects.get(kind=_kind(source), source_id=source.pk, undone_at=None)
    _require_two_that_fit(source, survivor, seen)
    before = written_down(_rows(survivor, source))
    moves = move_all(source, survivor)
    _write(source, survivor, choices or {})
    keep_search_keys(survivor)
    after = written_down(_rows(survivor, source))
    record = {"customers": before, "written": after, **vars(moves)}
    merge = CustomerMerge.objects.create(
        kind=_kind(source), source_id=source.pk, survivor_id=survivor.pk, by=by, at=now(), before=record
    )
    _tell("merged", merge, source, survivor, by, {**record, "merge": merge.pk})
    return merge


@transaction.atomic
def undo_merge(merge: CustomerMerge, *, by: User) -> list[str]:
    """Part the two again: every row is what it was; what came since the merge stays with the survivor.

    Names the fields of the survivor that somebody changed since: they keep that value. Raises ValidationError after
    thirty days or when another merge stands upon this one, PermissionDenied.
    """
    model: Any = _MODELS[merge.kind]
    found = model._default_manager.in_bulk([merge.source_id, merge.survivor_id])
    for customer in found.values():
        for right in ("merge", "edit"):
            require_reach(by, right, customer, merged_too=True)
    source, survivor = _locked(found[merge.source_id], found[merge.survivor_id])
    merge = CustomerMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None:
        return []
    if merge.at < now() - UNDO_FOR:
        raise ValidationError(_("After 30 days a merge can no longer be undone."))
    if stands_upon(merge) is not None:
        raise ValidationError(_("A later merge stands upon this one. Undo that one first."))
    move_back(merge.before, source, survivor)
    pairs = list(zip(merge.before["customers"], merge.before["written"], strict=True))
    # The survivor first: it gives back a code that only one may have.
    pairs.sort(key=lambda pair: pair[0]["pk"] != survivor.pk)
    kept = [name for was, became in pairs for name in restore_fields(model, was, became) if was["pk"] == survivor.pk]
    CustomerMerge.objects.filter(pk=merge.pk).update(undone_at=now(), undone_by=by)
    for customer in (survivor, source):
        customer.refresh_from_db()
    if "search_keys" in kept:
        keep_search_keys(survivor)
    labels = [str(model._meta.get_field(name).verbose_name) for name in kept if name != "search_keys"]
    _tell("parted", merge, source, survivor, by, {"merge": merge.pk, "kept": kept})
    return labels


def gather_late_rows() -> int:
    """Move what was written to a merged customer while the merge was going on; how many merges got something."""
    recent = CustomerMerge.objects.filter(undone_at=None, at__gt=now() - GATHERED_FOR)
    return sum(_gather(pk) for pk in recent.values_list("pk", flat=True))


@transaction.atomic
def _gather(pk: int) -> bool:
    merge = CustomerMerge.objects.select_for_update(of=("self",)).get(pk=pk)
    both = _MODELS[merge.kind]._default_manager.in_bulk([merge.source_id, merge.survivor_id])
    source, survivor = both.get(merge.source_id), both.get(merge.survivor_id)
    if merge.undone_at or source is None or survivor is None or survivor.merged_into_id:
        return False
    moves = move_all(source, survivor)
    if not (moves.moved or moves.removed or moves.changed):
        return False
    _add(merge.before, moves)
    merge.save(update_fields=["before"])
    keep_search_keys(survivor)
    announce(survivor)
    return True


def _add(before: dict[str, Any], moves: Moves) -> None:
    for link, keys in moves.moved.items():
        before["moved"][link] = [*before["moved"].get(link, []), *keys]
    before["removed"] += moves.removed
    before["changed"] += moves.changed


def _locked(source: C, survivor: C) -> tuple[C, C]:
    """Both rows, locked in the order of their keys, so that A into B and B into A cannot block one another."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_WAITS}'")
    rows = type(source)._default_manager.filter(pk__in=[source.pk, survivor.pk]).order_by("pk")
    held = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}
    return held[source.pk], held[survivor.pk]


def _require_two_that_fit(source: C, survivor: C, seen: str) -> None:
    if source.pk == survivor.pk:
        raise ValidationError(_("A customer cannot be merged into itself."))
    if source.merged_into_id or survivor.merged_into_id:
        raise ValidationError(_("One of the two has been merged already."))
    if seen and seen != seen_as(source, survivor):
        raise ValidationError(_("One of the two has been changed meanwhile. Look at both again."))


def _write(source: C, survivor: C, choices: Mapping[str, str]) -> None:
    """The survivor's fields by choice; a code goes over before the other can have it."""
    values = {name: getattr(survivor, name) for name in CHOSEN[type(source)]}
    for name, value in values.items():
        other = getattr(source, name)
        if choices.get(name) == "both" and not isinstance(survivor._meta.get_field(name), TextField):
            raise ValidationError(_("Only texts can be joined."))
        choice = choices.get(name) or ("source" if value in (None, "") else "survivor")
        if choice in ("source", "both") and other not in (None, ""):
            values[name] = joined(value, other) if choice == "both" else other
    source.merged_into, source.is_active = survivor, False
    if isinstance(source, Contact) and values["code"] == source.code:
        source.code = ""
    source.save(update_fields=["merged_into", "is_active", "code"])
    for name, value in values.items():
        setattr(survivor, name, value)
    survivor.save(update_fields=list(values))


def _rows(survivor: C, source: C) -> Any:
    return type(survivor)._default_manager.filter(pk__in=[survivor.pk, source.pk]).order_by("pk")


def _kind(customer: Account | Contact) -> str:
    return str(customer._meta.model_name)


def _tell(verb: str, merge: CustomerMerge, source: C, survivor: C, by: User, detail: dict[str, Any]) -> None:
    audit.record(f"{merge.kind}.{verb}", source, by=by, detail={"survivor": survivor.pk, **detail})
    audit.record(f"{merge.kind}.{verb}", survivor, by=by, detail={"source": source.pk, "merge": merge.pk})
    for customer in (source, survivor):
        announce(customer)
