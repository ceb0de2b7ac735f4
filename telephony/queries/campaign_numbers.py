"""Which numbers a campaign can take, and why not the others."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from crmcore import phone_numbers
from crmcore.models import AccountContact, ConsentKind, Contact, ContactPoint, User
from crmcore.queries.consents import refusing_numbers
from crmcore.queries.segments import Segment, numbers_of, people_of
from telephony.models import Campaign, CampaignTarget, DoNotCallNumber, PhoneLine

MOST_AT_ONCE = 20_000
CHUNK = 1000


class Unfit(TextChoices):
    """Why a row of a file does not become somebody to be called."""

    NO_NUMBER = "no_number", _("No number in this row")
    UNREADABLE = "unreadable", _("This is not a number that can be called.")
    OWN_NUMBER = "own_number", _("This is one of our own numbers.")
    DO_NOT_CALL = "do_not_call", _("Wants no calls")
    TWICE = "twice", _("The same number stands further up in the file")
    KNOWN = "known", _("The campaign has this number already")


@dataclass(frozen=True)
class Person:
    """Somebody to be called, as far as is known."""

    number: str
    name: str = ""
    words: str = ""
    contact_id: int | None = None
    account_id: int | None = None


@dataclass(frozen=True)
class Sifted:
    """The rows of a file that can be called, and the others as [line, cells, reason]."""

    people: list[Person] = field(default_factory=list)
    rejected: list[tuple[int, list[str], str]] = field(default_factory=list)


@dataclass(frozen=True)
class SegmentCount:
    """How many people a segment has, how many can be called, and how many of those the campaign has already."""

    people: int
    callable: int
    known: int

    @property
    def new(self) -> int:
        return min(self.callable - self.known, MOST_AT_ONCE)


def count_segment(user: User, campaign: Campaign, segment: Segment) -> SegmentCount:
    """What filling would do."""
    numbers = set(numbers_of(user, segment).values_list("value", flat=True))
    callable_ = numbers - forbidden(numbers)
    everybody = people_of(user, segment).order_by().values("contact").distinct().count()
    return SegmentCount(everybody, len(callable_), len(known(campaign, callable_)))


def people_to_add(user: User, campaign: Campaign, segment: Segment) -> list[Person]:
    """The people of a segment whom the campaign can take, each number once."""
    points = list(numbers_of(user, segment).select_related("contact"))
    numbers = {point.value for point in points}
    unfit = forbidden(numbers) | known(campaign, numbers)
    first = {point.value: point for point in reversed(points) if point.value not in unfit}
    places = people_of(user, segment).filter(contact__in=[point.contact_id for point in first.values()])
    places = places.order_by("is_primary", "-pk")
    account_of: dict[int | None, int] = dict(places.values_list("contact_id", "account_id"))
    return [
        Person(
            number, point.contact.name if point.contact else "", "", point.contact_id, account_of.get(point.contact_id)
        )
        for number, point in list(first.items())[:MOST_AT_ONCE]
    ]


def sift(user: User, campaign: Campaign, rows: Sequence[tuple[int, list[str]]], columns: dict[str, int]) -> Sifted:
    """Rows of a file, with the customers whom their numbers lead to as far as the reader may see them."""
    read = [(line, cells, phone_numbers.normalise(_cell(cells, columns, "number"), _region())) for line, cells in rows]
    numbers = {number.value for _line, _cells, number in read if number.value.startswith("+")}
    own = set(PhoneLine.objects.filter(number__in=numbers).values_list("number", flat=True))
    unwanted, taken = forbidden(numbers), known(campaign, numbers)
    holders, found, seen = _holders(user, numbers), Sifted(), set[str]()
    for line, cells, number in read:
        unfit = _unfit(number, own=own, unwanted=unwanted, taken=taken, seen=seen, raw=_cell(cells, columns, "number"))
        if unfit is not None:
            found.rejected.append((line, cells, unfit.value))
            continue
        seen.add(number.value)
        contact_id, account_id = holders.get(number.value, (None, None))
        name, words = _cell(cells, columns, "name")[:160], _cell(cells, columns, "words")
        found.people.append(Person(number.value, name, words, contact_id, account_id))
    return found


def forbidden(numbers: Collection[str], kind: ConsentKind = ConsentKind.PHONE) -> set[str]:
    """Those whose holders want no calls at all, or no offers of this kind."""
    said: set[str] = set()
    for part in _parts(numbers):
        said |= set(DoNotCallNumber.objects.filter(number__in=part).values_list("number", flat=True))
        points = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, value__in=part, opted_out=True)
        said |= set(points.values_list("value", flat=True)) | refusing_numbers(part, kind)
    return said


def known(campaign: Campaign, numbers: Collection[str]) -> set[str]:
    """Those that the campaign has."""
    found: set[str] = set()
    for part in _parts(numbers):
        rows = CampaignTarget.objects.filter(campaign=campaign, number__in=part)
        found |= set(rows.values_list("number", flat=True))
    return found


def _unfit(
    number: phone_numbers.PhoneNumber, *, own: set[str], unwanted: set[str], taken: set[str], seen: set[str], raw: str
) -> Unfit | None:
    if not raw:
        return Unfit.NO_NUMBER
    if number.kind != phone_numbers.Kind.NUMBER or not number.is_valid or not number.value.startswith("+"):
        return Unfit.UNREADABLE
    tests = ((own, Unfit.OWN_NUMBER), (unwanted, Unfit.DO_NOT_CALL), (seen, Unfit.TWICE), (taken, Unfit.KNOWN))
    return next((reason for numbers, reason in tests if number.value in numbers), None)


def _holders(user: User, numbers: Collection[str]) -> dict[str, tuple[int, int | None]]:
    """The one contact who holds a number alone, with the main account; several people tell nothing."""
    contacts = Contact.objects.visible_to(user).filter(is_active=True, merged_into=None)
    holding: dict[str, set[int]] = {}
    for part in _parts(numbers):
        points = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, value__in=part, contact__in=contacts)
        for value, contact_id in points.values_list("value", "contact_id"):
            holding.setdefault(value, set()).add(contact_id)
    alone = {value: next(iter(ids)) for value, ids in holding.items() if len(ids) == 1}
    places = AccountContact.objects.filter(contact__in=set(alone.values())).order_by("is_primary", "-pk")
    account_of = dict(places.values_list("contact_id", "account_id"))
    return {value: (contact_id, account_of.get(contact_id)) for value, contact_id in alone.items()}


def _cell(cells: list[str], columns: dict[str, int], what: str) -> str:
    place = columns.get(what)
    return cells[place] if place is not None and 0 <= place < len(cells) else ""


def _parts(numbers: Collection[str]) -> list[list[str]]:
    listed = sorted(numbers)
    return [listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK)]


def _region() -> str:
    return str(settings.DEFAULT_PHONE_REGION)
