"""Outside firms and their people: let in, locked out, let in again, and what the firm may see and do."""

from collections.abc import Iterable

from django.db import transaction

from crmcore import clock, firm_rights, live
from crmcore.actions import audit
from crmcore.actions.staff import first_password
from crmcore.events import RightsChanged
from crmcore.models import Firm, User
from crmcore.permissions import require


@transaction.atomic
def add_firm_person(firm: Firm, *, by: User | None, username: str, name: str, **fields: object) -> str:
    """Let somebody of the firm sign in; returns the first password, which is shown once."""
    if by is not None:
        require(by, "settings", "edit")
    password = first_password()
    person = User(username=username, name=name, kind=User.Kind.PARTNER, firm=firm, date_joined=clock.now(), **fields)
    if by is not None and not fields:
        person.language, person.time_zone = by.language, by.time_zone
    person.set_password(password)
    person.save(force_insert=True)
    audit.record("user.created", person, by=by, detail={"firm": firm.code})
    return password


@transaction.atomic
def lock_firm_person(person: User, *, locked: bool, by: User) -> None:
    """Keep somebody of a firm out, or let them in again; again is no change."""
    require(by, "settings", "edit")
    rows = User.objects.filter(pk=person.pk, kind=User.Kind.PARTNER, is_active=locked)
    if not rows.update(is_active=not locked):
        return
    audit.record("user.locked" if locked else "user.unlocked", person, by=by)
    live.publish(f"agent:{person.pk}", RightsChanged(user_id=person.pk))


@transaction.atomic
def set_firm_rights(firm: Firm, allowed: Iterable[str], *, by: User) -> Firm:
    """Give the firm these operations and no others; it counts from the next page on. Unknown ones are left out."""
    require(by, "settings", "edit")
    firm = Firm.objects.select_for_update(of=("self",)).get(pk=firm.pk)
    wanted, before = firm_rights.known(allowed), firm_rights.known(firm.allowed)
    if wanted == before:
        return firm
    firm.allowed = wanted
    firm.save(update_fields=["allowed"])
    audit.record("firm.rights_set", firm, by=by, detail={"was": before, "now": wanted})
    for person_id in firm.people.filter(is_active=True).values_list("pk", flat=True):
        live.publish(f"agent:{person_id}", RightsChanged(user_id=person_id))
    return firm
