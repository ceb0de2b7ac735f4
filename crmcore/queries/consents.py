"""What customers agreed to, and who refused."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from crmcore.models import Consent, Contact, ContactPoint


def latest_of(contact: Contact) -> dict[str, Consent]:
    """What counts now, by kind; kinds of which nothing was said are missing."""
    rows = Consent.objects.filter(contact=contact).order_by("kind", "-id").distinct("kind")
    return {row.kind: row for row in rows.select_related("by")}


def history_of(contact: Contact, *, most: int) -> list[Consent]:
    """All that was said, the latest first."""
    return list(Consent.objects.filter(contact=contact).select_related("by").order_by("-id")[:most])


def refuses(contact_id: int | None, kind: str) -> bool:
    """Whether the customer's latest word on this is no. Who never said anything refuses nothing."""
    latest = Consent.objects.filter(contact=contact_id, kind=kind).order_by("-id").values_list("is_given", flat=True)
    return contact_id is not None and latest.first() is False


def refusing_numbers(numbers: Collection[str], kind: str) -> set[str]:
    """Those of the numbers (E.164) that somebody holds who refuses."""
    points = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, value__in=numbers)
    return set(points.filter(contact__in=_refusals(kind).values("contact")).values_list("value", flat=True))


def _refusals(kind: str) -> QuerySet[Consent]:
    later = Consent.objects.filter(contact=OuterRef("contact"), kind=kind, id__gt=OuterRef("id"))
    return Consent.objects.filter(~Exists(later), kind=kind, is_given=False)
