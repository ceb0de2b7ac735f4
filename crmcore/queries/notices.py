"""What a person was told: how much is unread, and the list, newest first."""

from django.db.models import QuerySet

from crmcore.models import Notice, User

COUNTED = 100
SHOWN = 50


def unread_count(user: User) -> int:
    """Unread notices, at most 100: nobody needs to know how many more."""
    return Notice.objects.filter(user=user, read_at=None)[:COUNTED].count()


def notices_of(user: User, before: int | None = None) -> QuerySet[Notice]:
    """One more than a page of the person's own notices, those older than the id where one is given."""
    rows = Notice.objects.filter(user=user).order_by("-pk")
    return (rows.filter(pk__lt=before) if before else rows)[: SHOWN + 1]
