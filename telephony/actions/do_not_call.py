"""The list of numbers that nobody calls."""

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import ContactPoint, User
from telephony.models import CampaignTarget, DoNotCallNumber


@transaction.atomic
def forbid(number: str, *, by: User | None, note: str = "", is_demo: bool = False) -> DoNotCallNumber:
    """Never call this number (E.164) again, whoever holds it; what waits for it in campaigns is closed.

    Again is no change.
    """
    now = clock.now()
    entry, created = DoNotCallNumber.objects.get_or_create(
        number=number, defaults={"by": by, "note": note[:200], "at": now, "is_demo": is_demo}
    )
    if created:
        audit.record("number.forbidden", entry, by=by, detail={"number": number})
        ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, value=number).update(opted_out=True)
    CampaignTarget.objects.filter(number=number, state=CampaignTarget.State.WAITING).update(
        state=CampaignTarget.State.REFUSED, reason="do_not_call", closed_at=now, next_at=None
    )
    return entry


@transaction.atomic
def allow(entry: DoNotCallNumber, *, by: User) -> None:
    """Take a number off the list; what customers said at their own record stays with them."""
    audit.record("number.allowed", entry, by=by, detail={"number": entry.number})
    entry.delete()
