"""Ways to reach a customer: normalised when written, so that a call finds them by plain equality."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from crmcore import clock, phone_numbers, search_keys
from crmcore.actions import audit
from crmcore.actions.announcements import announce
from crmcore.models import Account, Contact, ContactPoint, User
from crmcore.queries.rights import require_reach
from crmcore.text_search import fold

Holder = Account | Contact
Kind = ContactPoint.Kind

CHANGEABLE = frozenset({"label", "is_shared", "is_preferred", "opted_out"})
_LONGEST_KEY = 80


@dataclass(frozen=True)
class NewPoint:
    """A number, address or id as somebody wrote it."""

    kind: str
    raw: str
    label: str = ""
    is_shared: bool = False
    is_preferred: bool = False
    is_verified: bool = False
    source: str = ""


def stored_value(kind: str, raw: str, *, region: str) -> str:
    """What a point is compared by: E.164 or short digits, a folded e-mail, an id. Raises ValidationError."""
    if kind in {Kind.PHONE, Kind.FAX}:
        number = phone_numbers.normalise(raw, region)
        if not number.is_callable:
            raise ValidationError(_("This is not a phone number."), code="phone")
        return number.value
    if kind == Kind.EMAIL:
        address = fold(raw.strip())
        validate_email(address)
        return address
    if not raw.strip():
        raise ValidationError(_("Enter an id."), code="required")
    return fold(raw.strip())


@dataclass(frozen=True)
class PointEdit:
    """One row of a form: a stored point and what it becomes, None to take it away; no id for a new one."""

    point_id: int | None
    becomes: NewPoint | None


def phone_region(user: User | None, time_zone: str) -> str:
    """Whose numbers have no country code here: the customer's country, the writer's, or the desk's."""
    zones = [time_zone, user.time_zone if user else ""]
    found = (phone_numbers.region_of_time_zone(zone) for zone in zones if zone)
    return next((region for region in found if region), settings.DEFAULT_PHONE_REGION)


@transaction.atomic
def add_point(holder: Holder, point: NewPoint, *, by: User | None) -> ContactPoint:
    """Add a way to reach `holder`; one that stands there already is returned as it is.

    Raises ValidationError for what is no number or address, PermissionDenied.
    """
    require_reach(by, "edit", holder)
    stored, is_new = store_point(holder, point, by=by)
    if is_new:
        _follow_up(holder, "point.added", stored, by)
    return stored


def store_point(holder: Holder, point: NewPoint, *, by: User | None) -> tuple[ContactPoint, bool]:
    """Write a point and say whether it is new; the caller has checked rights and keeps keys and audit."""
    value = stored_value(point.kind, point.raw, region=phone_region(by, holder.time_zone))
    if point.is_preferred:
        holder.points.filter(kind=point.kind, is_preferred=True).update(is_preferred=False)
    return holder.points.get_or_create(
        kind=point.kind,
        value=value,
        defaults={
            "raw": point.raw.strip(),
            "label": point.label,
            "is_shared": point.is_shared,
            "is_preferred": point.is_preferred,
            "verified_at": clock.now() if point.is_verified else None,
            "source": point.source,
        },
    )


@transaction.atomic
def change_point(point: ContactPoint, *, by: User | None, **changes: Any) -> ContactPoint:
    """Change a point's CHANGEABLE fields; another number is another point."""
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"no such fields: {', '.join(sorted(unknown))}")
    holder = holder_of(point)
    require_reach(by, "edit", holder)
    if changes.get("is_preferred"):
        holder.points.filter(kind=point.kind, is_preferred=True).exclude(pk=point.pk).update(is_preferred=False)
    for field, value in changes.items():
        setattr(point, field, value)
    point.save(update_fields=list(changes))
    _follow_up(holder, "point.changed", point, by)
    return point


@transaction.atomic
def remove_point(point: ContactPoint, *, by: User | None) -> None:
    """Take a point away; taking it away twice is no error."""
    holder = holder_of(point)
    require_reach(by, "edit", holder)
    if holder.points.filter(pk=point.pk).delete()[0]:
        _follow_up(holder, "point.removed", point, by)


@transaction.atomic
def edit_points(holder: Holder, edits: Iterable[PointEdit], *, by: User | None) -> None:
    """Carry out the rows of a form. Raises ValidationError for an unreadable one, PermissionDenied."""
    require_reach(by, "edit", holder)
    stored = holder.points.in_bulk()
    for edit in edits:
        point = stored.get(edit.point_id or 0)
        if edit.becomes is None:
            if point is not None:
                remove_point(point, by=by)
        elif point is None or not _is_same(point, edit.becomes, by):
            if point is not None:
                remove_point(point, by=by)
            add_point(holder, edit.becomes, by=by)
        else:
            _change_where_different(point, edit.becomes, by)


@transaction.atomic
def verify_point(point: ContactPoint, *, by: User | None) -> ContactPoint:
    """Note that the customer confirmed this number or address; the first confirmation counts."""
    holder = holder_of(point)
    require_reach(by, "edit", holder)
    if ContactPoint.objects.filter(pk=point.pk, verified_at=None).update(verified_at=clock.now()):
        point.refresh_from_db(fields=["verified_at"])
        _follow_up(holder, "point.verified", point, by)
    return point


@transaction.atomic
def remember_number(holder: Holder, number: str, *, by: User, source: str = "call") -> ContactPoint:
    """Keep a caller's number with the customer whom the agent recognised: the next call finds them."""
    point = add_point(holder, NewPoint(Kind.PHONE, number, is_verified=True, source=source), by=by)
    return verify_point(point, by=by)


def holder_of(point: ContactPoint) -> Holder:
    """The one contact or account that a point belongs to."""
    holder = point.contact or point.account
    if holder is None:
        raise ValueError("a point without a holder")
    return holder


def keep_search_keys(holder: Holder) -> None:
    """Make the stored search keys those of the present name, code and points."""
    type(holder)._default_manager.select_for_update(no_key=True, of=("self",)).get(pk=holder.pk)
    keys = [*search_keys.name_keys(holder.name), *search_keys.identity_keys(holder.name)]
    if isinstance(holder, Account):
        codes = [holder.code, holder.credit_code, holder.tax_number]
    else:
        keys += search_keys.name_keys(holder.nickname)
        codes = [holder.code]
    for name, code in (
        type(holder)._default_manager.filter(merged_into=holder.pk).order_by("pk").values_list("name", "code")
    ):
        keys += search_keys.name_keys(name)
        codes.append(code)
    for code in filter(None, codes):
        keys += search_keys.code_keys(code)
    for kind, value in holder.points.order_by("pk").values_list("kind", "value"):
        keys += _KEYS_OF_POINT.get(kind, search_keys.code_keys)(value)
    holder.search_keys = list(dict.fromkeys(key[:_LONGEST_KEY] for key in keys))
    holder.save(update_fields=["search_keys"])


_KEYS_OF_POINT = {
    str(Kind.PHONE): search_keys.phone_keys,
    str(Kind.FAX): search_keys.phone_keys,
    str(Kind.EMAIL): search_keys.email_keys,
}


def _is_same(point: ContactPoint, wanted: NewPoint, by: User | None) -> bool:
    region = phone_region(by, holder_of(point).time_zone)
    is_untouched = (point.kind, point.raw) == (wanted.kind, wanted.raw.strip())
    return is_untouched or point.value == stored_value(wanted.kind, wanted.raw, region=region)


def _change_where_different(point: ContactPoint, wanted: NewPoint, by: User | None) -> None:
    asked = {"label": wanted.label, "is_shared": wanted.is_shared, "is_preferred": wanted.is_preferred}
    changes = {field: value for field, value in asked.items() if getattr(point, field) != value}
    if changes:
        change_point(point, by=by, **changes)


def _follow_up(holder: Holder, verb: str, point: ContactPoint, by: User | None) -> None:
    keep_search_keys(holder)
    audit.record(verb, holder, by=by, detail={"kind": point.kind, "value": point.value})
    announce(holder)
