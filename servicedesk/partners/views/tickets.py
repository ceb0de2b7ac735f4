"""Tickets of customers for whom the firm drives out: the list, one of them, and what may be done there."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crmcore.firm_rights import PRODUCTS, TICKETS
from crmcore.permissions import may_operate
from servicedesk.partners.frame import PartnerRequest, partner_page
from tickets.actions.files import FileRefused
from tickets.actions.firm_work import change_status, solve, write_to_desk
from tickets.actions.moves import WrongMove
from tickets.models import Attachment, Ticket, TicketStatus
from tickets.queries.attachments import file_for
from tickets.queries.firm_work import statuses_for_firms, tickets_of_firm, visits_of_firm
from tickets.queries.keyset import Order, page_of
from tickets.queries.timeline import timeline
from tickets.views.files import handed_out
from tickets.views.sending import sent_files

LATEST = Order("last_event_at")
SIZE = 30


@require_GET
@partner_page(TICKETS.see)
def ticket_list(request: PartnerRequest) -> HttpResponse:
    """`/partner/tickets/?show=done`: what is open, or what is done, the latest first."""
    is_done = request.GET.get("show") == "done"
    rows = tickets_of_firm(request.user).filter(is_active=not is_done)
    shown = page_of(rows, LATEST, request.GET.get("at", ""), size=SIZE)
    context = {"tickets": shown.rows, "older": shown.after, "is_done": is_done}
    return render(request, "servicedesk/partners/tickets.html", context)


@require_GET
@partner_page(TICKETS.see)
def ticket(request: PartnerRequest, number: str) -> HttpResponse:
    """One ticket with the firm's visits and what the reader may read of it."""
    return _page(request, _found(request, number))


@require_POST
@partner_page(TICKETS.see)
def write(request: PartnerRequest, number: str) -> HttpResponse:
    """Write to the desk, with files; refused words come back with the reason."""
    found, body = _found(request, number), request.POST.get("body", "")
    try:
        files = sent_files(request)
        write_to_desk(found, by=request.user, body=body, files=files, once=request.POST.get("once", "")[:40])
    except (WrongMove, FileRefused) as reason:
        return _page(request, found, str(reason), body)
    messages.success(request, _("Sent to the desk"))
    return redirect("partners:ticket", number)


@require_POST
@partner_page("tickets.status")
def status(request: PartnerRequest, number: str) -> HttpResponse:
    """Set one of the statuses that are left to firms."""
    found, key = _found(request, number), request.POST.get("status", "")
    wanted = get_object_or_404(TicketStatus, pk=int(key) if key.isdecimal() else 0)
    try:
        change_status(found, wanted, by=request.user)
    except WrongMove as reason:
        return _page(request, found, str(reason))
    return redirect("partners:ticket", number)


@require_POST
@partner_page("tickets.solve")
def solved(request: PartnerRequest, number: str) -> HttpResponse:
    """Say that it is solved."""
    found = _found(request, number)
    try:
        solve(found, by=request.user)
    except WrongMove as reason:
        return _page(request, found, str(reason))
    return redirect("partners:ticket", number)


@require_GET
@partner_page(TICKETS.see)
def file(request: PartnerRequest, public_id: uuid.UUID) -> HttpResponse:
    """A file of an entry that the reader may read."""
    found = file_for(public_id, request.user)
    if found is None:
        raise Http404(str(public_id))
    return handed_out(found)


def _found(request: PartnerRequest, number: str) -> Ticket:
    return get_object_or_404(tickets_of_firm(request.user), number=number)


def _page(request: PartnerRequest, found: Ticket, problem: str = "", body: str = "") -> HttpResponse:
    entries = timeline(found, request.user, before=request.GET.get("before", ""))
    context = {
        "ticket": found,
        "warranty": found.product.warranty_at(found.opened_at) if found.product else None,
        "visits": visits_of_firm(found, request.user),
        "timeline": entries,
        "files": _files(request, [entry.pk for entry in entries.entries]),
        "can": {one.code: may_operate(request.user, TICKETS.key(one)) for one in TICKETS.operations},
        "sees_products": may_operate(request.user, PRODUCTS.see),
        "statuses": statuses_for_firms(),
        "once": uuid.uuid4().hex,
        "problem": problem,
        "body": body,
    }
    return render(request, "servicedesk/partners/ticket.html", context, status=409 if problem else 200)


def _files(request: PartnerRequest, entries: list[int]) -> list[Attachment]:
    rows = Attachment.objects.visible_to(request.user).filter(interaction__in=entries, is_program=False)
    return list(rows.select_related("interaction"))
