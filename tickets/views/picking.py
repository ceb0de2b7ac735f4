"""What the list below a text offers while somebody types: colleagues after an @, canned replies after a /."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from crmcore.views.requests import StaffRequest, staff_page
from tickets.actions.steps import sentence
from tickets.queries.canned import replies_for
from tickets.queries.mentions import people_for
from tickets.views.lookup import found_ticket


@require_GET
@staff_page("ticket")
def people(request: StaffRequest, number: str) -> HttpResponse:
    found_ticket(request, number)
    found = people_for(request.GET.get("q", ""), request.user)
    return render(request, "tickets/_text_choices.html", {"people": found})


@require_GET
@staff_page("ticket", "edit")
def replies(request: StaffRequest, number: str) -> HttpResponse:
    """Each reply with what is done with it, in the reader's words."""
    found = replies_for(found_ticket(request, number, "edit"), request.user, request.GET.get("q", ""))
    between = pgettext("between parts", "; ")
    with_steps = [(one, between.join(sentence(step) for step in one.reply.steps)) for one in found]
    return render(request, "tickets/_text_choices.html", {"replies": with_steps})
