"""How a customer is reached, as they see and change it themselves.

A place says what a new number or address stands for: the id of a stored one, `own` for the address with which the
person signs in where it is not stored as a way to reach them, `new` for one more.
"""

from dataclasses import dataclass

from crmcore import phone_numbers
from crmcore.models import ContactPoint, User
from crmcore.text_search import fold

OWN_ADDRESS, ONE_MORE = "own", "new"
CHANGEABLE = (ContactPoint.Kind.PHONE, ContactPoint.Kind.EMAIL)
MOST = 10


@dataclass(frozen=True)
class Way:
    """A row of the page; `place` is empty where only the desk changes it."""

    place: str
    kind: str
    label: str
    written: str
    is_confirmed: bool
    signs_in: bool


def ways_of(user: User) -> list[Way]:
    """All ways to reach the customer, the address for signing in first."""
    points = list(ContactPoint.objects.filter(contact=user.contact_id).order_by("kind", "pk"))
    rows = [_way(user, point) for point in points]
    if user.email and not any(row.signs_in for row in rows):
        kind = ContactPoint.Kind.EMAIL
        rows.append(Way(OWN_ADDRESS, kind, str(kind.label), user.email, is_confirmed=False, signs_in=True))
    return sorted(rows, key=lambda row: not row.signs_in)


def own_point(user: User, place: str) -> ContactPoint | None:
    """The customer's stored number or address at this place, if they may change it."""
    if not place.isdecimal():
        return None
    return ContactPoint.objects.filter(contact=user.contact_id, pk=int(place), kind__in=CHANGEABLE).first()


def is_own_address(user: User, point: ContactPoint) -> bool:
    """Whether this is the address with which the person signs in."""
    return point.kind == ContactPoint.Kind.EMAIL and bool(user.email) and point.value == fold(user.email)


def masked(kind: str, value: str) -> str:
    """A number or address so that its owner recognises it and nobody else learns it."""
    if kind == ContactPoint.Kind.PHONE:
        return phone_numbers.mask(value)
    name, _at, domain = value.partition("@")
    return f"{name[:1]}***@{domain}"


def _way(user: User, point: ContactPoint) -> Way:
    is_number = point.kind == ContactPoint.Kind.PHONE
    return Way(
        place=str(point.pk) if point.kind in CHANGEABLE else "",
        kind=point.kind,
        label=point.get_kind_display(),
        written=phone_numbers.pretty(point.value) if is_number else point.raw,
        is_confirmed=point.verified_at is not None,
        signs_in=is_own_address(user, point),
    )
