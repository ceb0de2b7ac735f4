"""`/partner/`: the modules that the firm was given, each with what is in it now."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crmcore.clock import now
from crmcore.firm_rights import modules_in
from crmcore.permissions import operations_of
from knowledgebase.queries.articles import often_read
from servicedesk.partners.frame import PartnerRequest, partner_page
from tickets.queries.dispatch import workday_of
from tickets.queries.firm_work import tickets_of_firm

SHOWN = 3


@require_GET
@partner_page()
def home(request: PartnerRequest) -> HttpResponse:
    """The start page."""
    user = request.user
    workday = workday_of(user, now())
    open_ones = tickets_of_firm(user).filter(is_active=True).order_by("-last_event_at", "-pk")
    context = {
        "modules": modules_in(operations_of(user)),
        "visits": [*workday.today, *workday.unplanned, *workday.later][:SHOWN],
        "tickets": open_ones[:SHOWN],
        "articles": often_read(user, limit=SHOWN, language=user.language),
    }
    return render(request, "servicedesk/partners/home.html", context)
