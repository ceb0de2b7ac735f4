"""Who else has a ticket open."""

from django.http import HttpResponse
from django.shortcuts import render
from redis import RedisError

from crmcore.models import User
from crmcore.views.requests import StaffRequest, staff_page
from tickets import viewers
from tickets.views.lookup import found_ticket


@staff_page("ticket")
def viewers_of(request: StaffRequest, number: str) -> HttpResponse:
    """The others, those who write first; without Redis nobody is known of."""
    ticket = found_ticket(request, number)
    try:
        found = [viewer for viewer in viewers.viewers(ticket.pk) if viewer.user_id != request.user.pk]
    except (RedisError, OSError):
        found = []
    people = User.objects.in_bulk([viewer.user_id for viewer in found])
    shown = [(people[viewer.user_id], viewer.doing) for viewer in found if viewer.user_id in people]
    return render(request, "tickets/_viewers.html", {"ticket": ticket, "viewers": shown})
