"""People of outside firms: let in with a first password, locked out, let in again."""

from django.db import transaction

from crmcore import clock, live
from crmcore.actions import audit
from crmcore.actions.staff import first_password
from crmcore.events import RightsChanged
from crmcore.models import Firm, Role, User
from crmcore.permissions import require

ROLE = "partner"


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
    person.roles.set(Role.objects.filter(code=ROLE))
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
