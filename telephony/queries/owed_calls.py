"""Calls that somebody should make: missed callers and promises, as far as the reader sees them."""

from django.db.models import Q, QuerySet

from crmcore.models import User
from telephony.models import Callback, MissedCall


def open_missed(user: User) -> QuerySet[MissedCall]:
    """Callers nobody has spoken to since, the first to be lost first."""
    rows: QuerySet[MissedCall] = MissedCall.objects.visible_to(user)
    return rows.filter(closed_at=None).select_related("queue", "account", "contact").order_by("first_at", "pk")


def open_callbacks(user: User) -> QuerySet[Callback]:
    """Promises of this person, and those of the queues that this person serves which are nobody's own."""
    rows: QuerySet[Callback] = Callback.objects.visible_to(user)
    mine = Q(owner=user) | Q(owner=None, queue__memberships__user=user)
    found = rows.filter(mine, closed_at=None).distinct()
    return found.select_related("queue", "account", "contact", "ticket", "call").order_by("due_at", "pk")
