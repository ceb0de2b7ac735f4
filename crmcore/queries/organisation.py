"""The organisation of a customer as a reader may see it."""

from dataclasses import dataclass, field
from datetime import date

from crmcore.models import Account, AccountContact, Contact, ImportantDate, Unit, User


@dataclass
class UnitRow:
    """A unit with its people; `depth` counts the units above it. Without a unit: those who stand in none."""

    unit: Unit | None
    depth: int = 0
    head: AccountContact | None = None
    people: list[AccountContact] = field(default_factory=list)


def organisation_of(account: Account, user: User) -> list[UnitRow]:
    """The units from the top down, each with the people in it whom the reader may see; the rest at the end."""
    people = (
        AccountContact.objects.filter(account=account, contact__in=Contact.objects.visible_to(user))
        .select_related("contact__salutation")
        .prefetch_related("contact__points")
        .order_by("left_on", "-is_primary", "contact__name", "pk")
    )
    units = list(Unit.objects.filter(account=account).order_by("name", "pk"))
    rows = [UnitRow(unit, depth) for unit, depth in _tree(units, None, 0)]
    by_unit = {row.unit.pk: row for row in rows if row.unit}
    rest = UnitRow(None)
    seen = {person.pk: person for person in people}
    for row in rows:
        row.head = seen.get(row.unit.head_id or 0) if row.unit else None
    for person in seen.values():
        by_unit.get(person.unit_id or 0, rest).people.append(person)
    return [*rows, rest] if rest.people else rows


def dates_of(account: Account, user: User, today: date) -> list[tuple[date, ImportantDate]]:
    """The important dates with the day on which each falls next, the soonest first."""
    rows = ImportantDate.objects.filter(account=account).select_related("contact")
    seen = Contact.objects.visible_to(user)
    hidden = set(rows.exclude(contact=None).exclude(contact__in=seen).values_list("pk", flat=True))
    return sorted(((row.next_on(today), row) for row in rows if row.pk not in hidden), key=lambda pair: pair[0])


def _tree(units: list[Unit], parent: int | None, depth: int) -> list[tuple[Unit, int]]:
    found = []
    for unit in units:
        if unit.parent_id == parent:
            found += [(unit, depth), *_tree(units, unit.pk, depth + 1)]
    return found
