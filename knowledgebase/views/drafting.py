"""From a solved ticket to the draft of an article."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crmcore.views.requests import StaffRequest, staff_page
from knowledgebase.actions.drafting import NothingToDraft, draft_from
from tickets.models import Ticket


@require_POST
@staff_page("article", "create")
def draft(request: StaffRequest, number: str) -> HttpResponse:
    """`/kb/from/KW-20418/`: `entry` names the answer, else the latest is taken. Leads to the editor."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user).defer("search"), number=number)
    entry = request.POST.get("entry", "")
    try:
        article = draft_from(ticket, by=request.user, entry=int(entry) if entry.isdecimal() else None)
    except NothingToDraft:
        messages.error(request, _("No article can be drafted from this: it needs a written answer and a category."))
        return redirect(ticket)
    return redirect("kb:edit", number=article.number)
