"""What the list below a text offers while somebody types: colleagues after an @, canned replies after a /."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crmcore.views.requests import StaffRequest, staff_page
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
    found = replies_for(found_ticket(request, number, "edit"), request.user, request.GET.get("q", ""))
    return render(request, "tickets/_text_choices.html", {"replies": found})
