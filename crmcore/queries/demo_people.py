"""Which addresses belong to made-up people, who are never written to."""

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Lower

from crmcore.models import ContactPoint, User
from crmcore.reserved_domains import is_reserved
from crmcore.text_search import fold


def demo_addresses(emails: Iterable[str]) -> set[str]:
    """Those of the addresses that are of the demo's customers and sign-ins, or of domains that nobody reads."""
    known = {one: fold(one) for one in emails}
    made_up = Q(contact__is_demo=True) | Q(account__is_demo=True)
    points = ContactPoint.objects.filter(made_up, kind=ContactPoint.Kind.EMAIL, value__in=known.values())
    held = set(points.values_list("value", flat=True))
    people = User.objects.annotate(address=Lower("email")).filter(is_demo=True, address__in=known.values())
    held |= set(people.values_list("address", flat=True))
    return {one for one, value in known.items() if value in held or is_reserved(one.rpartition("@")[2])}
