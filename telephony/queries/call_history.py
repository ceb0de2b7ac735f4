"""Calls of the past: of a customer, missed by an agent, given up by callers."""

from datetime import datetime

from django.db.models import QuerySet

from crmcore.models import Account, Contact, User
from telephony.models import Call, CallLeg, Offer
from telephony.states import CallOutcome, OfferEnd


def calls_of(customer: Account | Contact, user: User) -> QuerySet[Call]:
    """The customer's calls that `user` may see, latest first."""
    calls: QuerySet[Call] = Call.objects.visible_to(user)
    found = calls.filter(account=customer) if isinstance(customer, Account) else calls.filter(contact=customer)
    return found.select_related("queue", "agent", "contact").order_by("-started_at", "-id")


def abandoned_calls(user: User, since: datetime) -> QuerySet[Call]:
    """Calls within the user's reach whose callers were not answered since then, latest first."""
    reachable: QuerySet[Call] = Call.objects.visible_to(user)
    calls = reachable.filter(
        direction=Call.Direction.IN,
        outcome__in=[CallOutcome.ABANDONED, CallOutcome.OVERFLOWED],
        started_at__gte=since,
    )
    return calls.select_related("queue", "account", "contact").order_by("-started_at", "-id")


def missed_offers(user: User, since: datetime) -> QuerySet[Offer]:
    """What rang at this agent and was not answered since then, latest first."""
    offers = Offer.objects.filter(agent=user, end_reason=OfferEnd.TIMEOUT, offered_at__gte=since)
    return offers.select_related("call__queue", "call__account", "call__contact").order_by("-offered_at")


def unfinished_legs(user: User) -> QuerySet[CallLeg]:
    """Conversations whose wrap-up ran out without an outcome, latest first."""
    legs = CallLeg.objects.filter(agent=user, is_unclassified=True)
    return legs.select_related("call__queue", "call__account", "call__contact").order_by("-id")
