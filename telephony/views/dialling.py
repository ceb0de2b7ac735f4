"""Calling a customer."""

from django.http import HttpRequest, HttpResponse

from crmcore.models import Account, Contact, User
from telephony.actions.outgoing import Target, place_call
from telephony.dial_rules import DialRefused
from telephony.views.calls import number_in
from telephony.views.doors import problem, staff_command
from telephony.views.offers import joining
from tickets.models import Ticket


@staff_command
def dial(request: HttpRequest, user: User) -> HttpResponse:
    """Call `number`, for the `contact`, `account` and `ticket` (ids) of the page; 422 says why that may not be."""
    contact_id, account_id = number_in(request, "contact"), number_in(request, "account")
    ticket_id = number_in(request, "ticket")
    target = Target(
        contact=Contact.objects.get(pk=contact_id) if contact_id else None,
        account=Account.objects.get(pk=account_id) if account_id else None,
        ticket=Ticket.objects.get(pk=ticket_id) if ticket_id else None,
    )
    try:
        call, ticket = place_call(request.POST.get("number", ""), by=user, target=target)
    except DialRefused as refused:
        return problem(422, str(refused.refusal.label), reason=refused.refusal.value)
    return joining(call, ticket)
