"""Commands during a call."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from crmcore.models import Account, Contact, User
from telephony.actions.calls import hang_up as hang_up_call
from telephony.actions.calls import hold_call, resume_call
from telephony.actions.linking import link_call, set_call_ticket
from telephony.actions.wrap_up import NoteConflict, save_note
from telephony.views.doors import done, problem, staff_command
from tickets.models import Ticket


@staff_command
def hang_up(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """End the call."""
    hang_up_call(call_id, by=user)
    return done()


@staff_command
def hold(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Put the customer on hold."""
    hold_call(call_id, by=user)
    return done()


@staff_command
def resume(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Take the customer off hold."""
    resume_call(call_id, by=user)
    return done()


@staff_command
def note(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Save the note (`text`, upon `version`); 409 with the other tab's text and version when that was newer."""
    try:
        version = save_note(
            call_id, by=user, text=request.POST.get("text", ""), version=number_in(request, "version") or 0
        )
    except NoteConflict as conflict:
        return problem(409, _("The note was changed in another tab."), text=conflict.text, version=conflict.version)
    return JsonResponse({"version": version})


@staff_command
def link(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Say whose call it is: `contact`, `account` and `ticket` by id, `remember` to keep the number with them."""
    contact_id, account_id = number_in(request, "contact"), number_in(request, "account")
    if contact_id is None and account_id is None:
        return problem(422, _("Choose a customer."))
    ticket_id = number_in(request, "ticket")
    link_call(
        call_id,
        by=user,
        contact=Contact.objects.get(pk=contact_id) if contact_id else None,
        account=Account.objects.get(pk=account_id) if account_id else None,
        ticket=Ticket.objects.get(pk=ticket_id) if ticket_id else None,
        remember="remember" in request.POST,
    )
    return done()


@staff_command
def ticket(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Put the call on a `ticket` by id, or on none: then the wrap-up opens one if the outcome needs it."""
    ticket_id = number_in(request, "ticket")
    set_call_ticket(call_id, Ticket.objects.get(pk=ticket_id) if ticket_id else None, by=user)
    return done()


def number_in(request: HttpRequest, name: str) -> int | None:
    """A posted number, None for anything else."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() else None
