"""Answering and declining, and coming back after a reload."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from crmcore.models import User
from telephony.actions.offers import accept_offer, reject_offer, rejoin_call
from telephony.models import Call, Offer
from telephony.providers.registry import provider_of
from telephony.views.doors import done, staff_command

# The media for which the console starts a softphone.
IN_BROWSER = frozenset({"browser", "twilio"})


@staff_command
def accept(request: HttpRequest, user: User, offer_id: int) -> HttpResponse:
    """Take the call; the answer has the ticket by which this browser, and no other, joins it."""
    ticket = accept_offer(offer_id, by=user)
    return joining(Offer.objects.select_related("call").get(pk=offer_id).call, ticket)


@staff_command
def reject(request: HttpRequest, user: User, offer_id: int) -> HttpResponse:
    """Decline; the call rings elsewhere."""
    reject_offer(offer_id, by=user)
    return done()


@staff_command
def rejoin(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """A new ticket for the call in hand."""
    ticket = rejoin_call(call_id, by=user)
    return joining(Call.objects.get(pk=call_id), ticket)


def joining(call: Call, ticket: str) -> JsonResponse:
    """What the softphone needs to take part in the call."""
    media = provider_of(call.provider).capabilities.media
    return JsonResponse(
        {
            "call": call.pk,
            "public_id": str(call.public_id),
            "provider": call.provider,
            "media": media,
            "join_ticket": ticket if media in IN_BROWSER else "",
        }
    )
