"""Which exchange, agent and queue an event of a foreign exchange speaks of, and what it reported lately."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from crmcore.models import Queue, User
from telephony.models import Call, CallEvent, CtiToken, ExchangeReport, Extension
from telephony.providers.base import Signal
from telephony.providers.cti.fields import PROVIDER

SHOWN = 100


def exchange_of(digest: str) -> CtiToken | None:
    """The exchange whose token has this SHA-256 (hex)."""
    return CtiToken.objects.filter(digest=digest, is_active=True).first()


def agent_named(name: str, exchange: CtiToken) -> int | None:
    """The agent at this extension of the exchange, else the one active member of staff so called."""
    staff = User.objects.filter(kind=User.Kind.STAFF, is_active=True)
    at_extension = Extension.objects.filter(exchange=exchange, number=name, agent__in=staff)
    if (agent_id := at_extension.values_list("agent_id", flat=True).first()) is not None:
        return agent_id
    called = staff.filter(Q(username__iexact=name) | Q(email__iexact=name) | Q(name__iexact=name))
    found = list(called.values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def queue_named(name: str) -> int | None:
    """The queue with this code or name, if the exchange named one of ours."""
    if not name:
        return None
    queues = Queue.objects.filter(Q(code=name) | Q(name__iexact=name) | Q(name_zh=name), is_active=True)
    return queues.values_list("pk", flat=True).first()


def knows_call(provider_call_id: str) -> bool:
    """Whether an exchange has told of this call before."""
    return Call.objects.filter(provider=PROVIDER, provider_call_id=provider_call_id).exists()


def told_before(signals: Iterable[Signal]) -> bool:
    """Whether every one of these happenings is known already."""
    tokens = {signal.token for signal in signals}
    known = CallEvent.objects.filter(provider=PROVIDER, token__in=tokens).count()
    return bool(tokens) and known == len(tokens)


def recent_reports(exchange: CtiToken, verdict: str = "") -> QuerySet[ExchangeReport]:
    """The newest reports first, those with one verdict if it is given."""
    reports = ExchangeReport.objects.filter(exchange=exchange).order_by("-pk")
    return (reports.filter(verdict=verdict) if verdict else reports)[:SHOWN]
