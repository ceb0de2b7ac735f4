"""People chosen by what is known of their accounts."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from crmcore.models import Account, AccountContact, ContactPoint, Region, User
from crmcore.queries.regions import in_region


@dataclass(frozen=True)
class Segment:
    """Filters over accounts; empty ones ask for nothing. `everybody`: all people of an account, not the main one."""

    kind: str = ""
    grades: tuple[str, ...] = ()
    region: Region | None = None
    owner: User | None = None
    language: str = ""
    everybody: bool = False


def people_of(user: User, segment: Segment) -> QuerySet[AccountContact]:
    """The places of those people in their accounts, as far as `user` may see both."""
    accounts = Account.objects.visible_to(user).filter(_matches(segment), merged_into=None, is_active=True)
    people = AccountContact.objects.filter(account__in=accounts.values("pk"), contact__is_active=True)
    people = people.filter(contact__merged_into=None)
    return people if segment.everybody else people.filter(is_primary=True)


def numbers_of(user: User, segment: Segment) -> QuerySet[ContactPoint]:
    """One telephone number of each of those people that may be used: the preferred one first."""
    people = people_of(user, segment)
    phones = ContactPoint.objects.filter(
        Exists(people.filter(contact=OuterRef("contact"))),
        kind=ContactPoint.Kind.PHONE,
        opted_out=False,
        value__startswith="+",
    )
    return phones.order_by("contact_id", "-is_preferred", "pk").distinct("contact_id")


def _matches(segment: Segment) -> Q:
    found = Q()
    if segment.kind:
        found &= Q(kind=segment.kind)
    if segment.grades:
        found &= Q(grade__in=segment.grades)
    if segment.region is not None:
        found &= in_region(segment.region.pk)
    if segment.owner is not None:
        found &= Q(owner=segment.owner)
    if segment.language:
        found &= Q(language=segment.language)
    return found
