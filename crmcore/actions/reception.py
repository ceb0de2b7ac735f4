"""The register of the reception: writing an entry, checking it, making a card of it."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crmcore import clock, permissions
from crmcore.actions import audit
from crmcore.actions.leads import open_lead
from crmcore.models import Lead, LeadOrigin, Reception, ReceptionFlaw, User
from crmcore.queries.rights import require_reach

FIELDS = frozenset({"kind", "name", "phone", "companions", "arrived_at", "left_at", "product", "source", "summary"})
FIELDS |= {"consultant", "was_demonstrated"}
LATE = timedelta(days=1)
SHORT = timedelta(minutes=1)
# Words that are no excuse when they come twice.
TELLING = 12


@transaction.atomic
def record_reception(*, by: User | None, once: str = "", is_demo: bool = False, **fields: Any) -> Reception:
    """Write down who came or rang; only the arrival is needed. The same form twice (`once`) is one entry."""
    _refuse_unknown(fields)
    if by is not None:
        permissions.require(by, "lead", "create")
    if once and (known := Reception.objects.filter(recorded_by=by, once=once).first()):
        return known
    entry = Reception(recorded_by=by, recorded_at=clock.now(), once=once, is_demo=is_demo, **fields)
    _refuse_future(entry)
    entry.flaws = flaws_of(entry)
    entry.save()
    audit.record("reception.recorded", entry, by=by, detail={"flaws": entry.flaws})
    return entry


@transaction.atomic
def correct_reception(entry: Reception, *, by: User | None, **changes: Any) -> Reception:
    """Correct an entry: it waits for its check again."""
    _refuse_unknown(changes)
    require_reach(by, "edit", entry)
    stored = Reception.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    changed = [field for field, value in changes.items() if getattr(stored, field) != value]
    if not changed:
        return stored
    for field in changed:
        setattr(stored, field, changes[field])
    _refuse_future(stored)
    stored.flaws, stored.check_state = flaws_of(stored), Reception.Check.OPEN
    stored.save()
    audit.record("reception.corrected", stored, by=by, detail={"fields": changed, "flaws": stored.flaws})
    return stored


@transaction.atomic
def check_reception(entry: Reception, *, by: User, is_right: bool, remark: str = "") -> Reception:
    """A supervisor finds it right, or returns it with a remark. Nobody checks their own. Raises ValidationError."""
    require_reach(by, "assign", entry)
    if entry.recorded_by_id == by.pk:
        raise ValidationError(_("Somebody else has to check what you wrote."))
    if not is_right and not remark.strip():
        raise ValidationError({"remark": _("Say what is to be corrected.")})
    stored = Reception.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    stored.check_state = Reception.Check.RIGHT if is_right else Reception.Check.RETURNED
    stored.checked_by, stored.checked_at, stored.check_remark = by, clock.now(), remark.strip()
    stored.save(update_fields=["check_state", "checked_by", "checked_at", "check_remark"])
    audit.record("reception.checked", stored, by=by, detail={"state": stored.check_state, "remark": remark})
    return stored


@transaction.atomic
def card_of(entry: Reception, *, by: User) -> Lead:
    """The card of this visitor; the second time finds the first one. Raises ValidationError without a source."""
    require_reach(by, "view", entry)
    stored = Reception.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if stored.lead is not None:
        return stored.lead
    lead = open_lead(
        by=by,
        origin=LeadOrigin.REGISTER,
        gives_away=True,
        name=stored.name,
        phone=stored.phone,
        product=stored.product,
        source=stored.source,
        owner=stored.consultant or by,
        first_received_at=stored.arrived_at,
        first_summary=stored.summary,
        is_demo=stored.is_demo,
    )
    stored.lead = lead
    stored.save(update_fields=["lead"])
    return lead


def flaws_of(entry: Reception) -> list[str]:
    """What is missing in an entry, and what looks made up."""
    found = {
        ReceptionFlaw.NO_SOURCE: entry.source_id is None,
        ReceptionFlaw.NO_SUMMARY: not entry.summary.strip(),
        ReceptionFlaw.NO_PRODUCT: entry.product_id is None,
        ReceptionFlaw.NO_CONSULTANT: entry.consultant_id is None,
        ReceptionFlaw.LATE: entry.recorded_at - entry.arrived_at >= LATE,
        ReceptionFlaw.SHORT: _is_short(entry),
        ReceptionFlaw.COPIED: _is_copied(entry),
    }
    return [flaw.value for flaw, holds in found.items() if holds]


def _is_short(entry: Reception) -> bool:
    is_visit = entry.kind == Reception.Kind.WALK_IN
    return is_visit and entry.left_at is not None and entry.left_at - entry.arrived_at < SHORT


def _is_copied(entry: Reception) -> bool:
    words = entry.summary.strip()
    same = Reception.objects.filter(summary=words, recorded_by=entry.recorded_by_id).exclude(pk=entry.pk)
    return len(words) >= TELLING and same.exists()


def _refuse_future(entry: Reception) -> None:
    if entry.arrived_at > clock.now():
        raise ValidationError({"arrived_at": _("This lies in the future.")})
    if entry.left_at is not None and entry.left_at < entry.arrived_at:
        raise ValidationError({"left_at": _("Nobody leaves before they come.")})


def _refuse_unknown(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"no such fields: {', '.join(sorted(unknown))}")
