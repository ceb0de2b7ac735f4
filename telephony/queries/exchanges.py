"""Which exchange, agent and queue an event of a foreign exchange speaks of."""

from django.db.models import Q

from crmcore.models import Queue, User
from telephony.models import CtiToken


def exchange_of(digest: str) -> CtiToken | None:
    """The exchange whose token has this SHA-256 (hex)."""
    return CtiToken.objects.filter(digest=digest, is_active=True).first()


def agent_named(name: str) -> int | None:
    """The one active member of staff with this user name, e-mail or full name."""
    people = User.objects.filter(kind=User.Kind.STAFF, is_active=True)
    found = list(
        people.filter(Q(username__iexact=name) | Q(email__iexact=name) | Q(name__iexact=name)).values_list(
            "pk", flat=True
        )[:2]
    )
    return found[0] if len(found) == 1 else None


def queue_named(name: str) -> int | None:
    """The queue with this code or name, if the exchange named one of ours."""
    if not name:
        return None
    queues = Queue.objects.filter(Q(code=name) | Q(name__iexact=name) | Q(name_zh=name), is_active=True)
    return queues.values_list("pk", flat=True).first()
