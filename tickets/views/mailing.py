"""E-mail on a ticket's page: sending a lost mail again, and letting a stranger into the conversation."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from crmcore.queries.rights import require_reach
from crmcore.views.requests import StaffRequest, staff_page, wants_fragment
from tickets.actions.mailing import let_in as add_to_conversation
from tickets.actions.mailing import send_again
from tickets.models import Mail
from tickets.views.lookup import found_ticket
from tickets.views.ticket import thread_context


@require_POST
@staff_page("ticket", "edit")
def again(request: StaffRequest, mail_id: int) -> HttpResponse:
    """Send a lost mail once more to those who did not get it."""
    mail = _found(request, mail_id)
    send_again(mail, by=request.user)
    return _thread(request, mail)


@require_POST
@staff_page("ticket", "edit")
def let_in(request: StaffRequest, mail_id: int) -> HttpResponse:
    """From now on the writer of this mail belongs to the conversation."""
    mail = _found(request, mail_id)
    add_to_conversation(mail, by=request.user)
    return _thread(request, mail)


def _found(request: StaffRequest, mail_id: int) -> Mail:
    mail = get_object_or_404(Mail.objects.select_related("ticket"), pk=mail_id, ticket__isnull=False)
    assert mail.ticket is not None
    require_reach(request.user, "edit", mail.ticket)
    return mail


def _thread(request: StaffRequest, mail: Mail) -> HttpResponse:
    assert mail.ticket is not None
    if not wants_fragment(request):
        return redirect(mail.ticket)
    found = found_ticket(request, mail.ticket.number)
    return render(request, "tickets/_thread.html", thread_context(request, found, request.user))
