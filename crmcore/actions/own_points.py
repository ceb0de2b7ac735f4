"""What customers change themselves of how they are reached, once a code proved that they read what is sent there."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.announcements import announce
from crmcore.actions.contact_points import NewPoint, keep_search_keys, store_point
from crmcore.models import Contact, ContactPoint, User
from crmcore.queries.own_points import OWN_ADDRESS, is_own_address, own_point


class AddressTaken(Exception):
    """Somebody else signs in with this address."""


@dataclass(frozen=True)
class Reached:
    """What is stored now, and the value in whose place it came, empty where it is one more or was there before."""

    point: ContactPoint
    before: str
    is_new: bool


@transaction.atomic
def put_own_point(user: User, kind: str, raw: str, *, place: str) -> Reached:
    """Store a number or address that `user` has proved, in its place among theirs (see `queries.own_points`).

    What takes the place of the address for signing in is that address from now on. Raises AddressTaken.
    """
    contact = _locked(user)
    old = own_point(user, place)
    signs_in = place == OWN_ADDRESS or (old is not None and is_own_address(user, old))
    before = old.value if old else user.email if signs_in else ""
    wanted = NewPoint(
        kind,
        raw,
        label=old.label if old else "",
        is_preferred=old.is_preferred if old else False,
        is_verified=True,
        source="portal",
    )
    point, is_new = store_point(contact, wanted, by=user)
    if not is_new:
        ContactPoint.objects.filter(pk=point.pk).update(verified_at=clock.now(), is_shared=False)
    if old is not None and old.pk != point.pk:
        old.delete()
    if signs_in:
        _sign_in_with(user, point.value)
    before = "" if before == point.value else before
    _note(contact, "point.changed_by_customer" if before else "point.confirmed_by_customer", point, user)
    return Reached(point, before, is_new or bool(before))


@transaction.atomic
def remove_own_point(user: User, place: str) -> ContactPoint | None:
    """Take a number or address away, never the one for signing in; what is gone is gone once."""
    contact = _locked(user)
    point = own_point(user, place)
    if point is None or is_own_address(user, point):
        return None
    pk = point.pk
    point.delete()
    point.pk = pk
    _note(contact, "point.removed_by_customer", point, user)
    return point


def _locked(user: User) -> Contact:
    return Contact.objects.select_for_update(of=("self",)).get(users=user)


def _sign_in_with(user: User, address: str) -> None:
    if User.objects.filter(email__iexact=address).exclude(pk=user.pk).exists():
        raise AddressTaken
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(email=address)
    except IntegrityError as taken:
        raise AddressTaken from taken
    # The library of sign-ins keeps addresses of its own, and codes would still go to the old one.
    EmailAddress.objects.filter(user=user).delete()
    user.email = address


def _note(contact: Contact, verb: str, point: ContactPoint, user: User) -> None:
    keep_search_keys(contact)
    audit.record(verb, contact, by=user, detail={"kind": point.kind, "value": point.value})
    announce(contact)
