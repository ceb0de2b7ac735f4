"""Pages of the conversations beside a ticket: a new one, and one with its answers."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crmcore.views.requests import StaffRequest, staff_page
from tickets.actions.mailing import MailNotSent
from tickets.actions.moves import WrongMove
from tickets.actions.side_conversations import open_side_conversation, write_beside
from tickets.mail.addresses import typed_addresses
from tickets.models import SideConversation
from tickets.queries.mail_outlets import mailbox_for
from tickets.queries.side_conversations import side_thread
from tickets.views.lookup import found_ticket
from tickets.views.mail_fields import form_token

FIELDS = ("people", "subject", "body")


@staff_page("ticket", "edit")
def new_side(request: StaffRequest, number: str) -> HttpResponse:
    """`/tickets/T-1/beside/new/`: to whom, about what, and the first words."""
    ticket = found_ticket(request, number, "edit")
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    error = ""
    if request.method == "POST":
        people, wrong = typed_addresses(typed["people"])
        try:
            if wrong:
                raise MailNotSent(_("%(text)s is no e-mail address.") % {"text": wrong[0]})
            side = open_side_conversation(
                ticket,
                by=request.user,
                people=people,
                subject=typed["subject"],
                body=typed["body"],
                token=form_token(request),
            )
        except (MailNotSent, WrongMove) as reason:
            error = str(reason)
        else:
            return redirect("tickets:side_conversation", ticket.number, side.pk)
    context = {"ticket": ticket, "typed": typed, "error": error, "mailbox": mailbox_for(ticket), "token": _token()}
    return render(request, "tickets/side_new.html", context, status=422 if error else 200)


@staff_page("ticket")
def side_conversation(request: StaffRequest, number: str, side_id: int) -> HttpResponse:
    """One conversation; POST writes to its people."""
    ticket = found_ticket(request, number, "edit" if request.method == "POST" else "view")
    side = get_object_or_404(SideConversation.objects.select_related("mailbox"), pk=side_id, ticket=ticket)
    body, error = request.POST.get("body", ""), ""
    if request.method == "POST":
        try:
            write_beside(side, by=request.user, body=body, token=form_token(request))
        except (MailNotSent, WrongMove) as reason:
            error = str(reason)
        else:
            messages.success(request, _("Sent"))
            return redirect("tickets:side_conversation", ticket.number, side.pk)
    context = {"ticket": ticket, "thread": side_thread(side), "body": body, "error": error, "token": _token()}
    return render(request, "tickets/side_conversation.html", context, status=422 if error else 200)


def _token() -> str:
    return uuid.uuid4().hex
