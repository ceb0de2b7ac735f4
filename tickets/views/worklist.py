"""The list of tickets: views at the left, search, filters, pages by key."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from crmcore.clock import now
from crmcore.models import Queue, User
from crmcore.permissions import may
from crmcore.views.requests import StaffRequest, staff_page
from tickets.models import Priority, Ticket, TicketType
from tickets.queries.clock_faces import face_of
from tickets.queries.keyset import Page
from tickets.queries.worklists import VIEWS, Asked, page
from tickets.views.lookup import found_ticket

_FILTERS = {"queue": "queue__code", "type": "type__code", "priority": "priority"}


@staff_page("ticket")
def ticket_list(request: StaffRequest) -> HttpResponse:
    """`/tickets/`: one view, or all tickets that contain the words; its rows alone for a live refetch."""
    user, asked = request.user, _asked(request)
    found = page(asked, user=user, now=now())
    context = {
        "views": VIEWS.values(),
        "view": VIEWS[asked.view],
        "asked": asked,
        "chosen": {name: request.GET.get(name, "") for name in _FILTERS},
        "queues": Queue.objects.filter(is_active=True),
        "types": TicketType.objects.all(),
        "priorities": Priority.choices,
        "may_create": may(user, "ticket", "create"),
        **_rows(request, user, found),
    }
    fragment = request.GET.get("part") == "rows"
    return render(request, "tickets/_ticket_rows.html" if fragment else "tickets/ticket_list.html", context)


@staff_page("ticket")
def row(request: StaffRequest, number: str) -> HttpResponse:
    """One row of a list, refetched when its ticket changes."""
    ticket = found_ticket(request, number)
    return render(request, "tickets/_ticket_row.html", {"ticket": ticket, "face": face_of(ticket, now())})


def _asked(request: StaffRequest) -> Asked:
    get = request.GET
    filters = {lookup: get[name] for name, lookup in _FILTERS.items() if get.get(name)}
    view = get.get("view", "")
    return Asked(view if view in VIEWS else "mine", get.get("q", "").strip(), filters, get.get("at", ""))


def _rows(request: StaffRequest, user: User, found: Page[Ticket]) -> dict[str, object]:
    """Rows with faces, the addresses of the pages around, and what to listen to for newcomers."""
    moment = now()
    query = {name: str(value) for name, value in request.GET.items() if name not in ("at", "part") and value}
    here = query | ({"at": request.GET["at"]} if request.GET.get("at") else {})
    topics = [f"agent:{user.pk}", *(f"queue:{pk}" for pk in user.queues.values_list("pk", flat=True))]
    return {
        "rows": [(ticket, face_of(ticket, moment)) for ticket in found.rows],
        "before_url": f"?{urlencode(query | {'at': found.before})}" if found.before else "",
        "after_url": f"?{urlencode(query | {'at': found.after})}" if found.after else "",
        "rows_url": f"?{urlencode(here | {'part': 'rows'})}",
        "topics": " ".join(topics),
    }
