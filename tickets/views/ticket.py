"""A ticket's page and the parts of it that refetch themselves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crmcore.clock import now
from crmcore.models import User
from tickets.models import Ticket
from tickets.queries import ticket_page
from tickets.queries.timeline import SHOWS, timeline
from tickets.views.doors import found_ticket, reader, staff_page


@staff_page()
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """`/tickets/KW-20418/`."""
    found, user = found_ticket(request, number), reader(request)
    field = ticket_page.composer(found, user, request.GET.get("mode", "reply"))
    return render(request, "tickets/ticket.html", page_context(request, found, user, field))


@staff_page()
def header(request: HttpRequest, number: str) -> HttpResponse:
    found = found_ticket(request, number)
    context = {"header": ticket_page.header(found, reader(request), now())}
    return render(request, "tickets/_ticket_header.html", context)


@staff_page()
def thread(request: HttpRequest, number: str) -> HttpResponse:
    found = found_ticket(request, number)
    return render(request, "tickets/_thread.html", thread_context(request, found, reader(request)))


@staff_page()
def side(request: HttpRequest, number: str) -> HttpResponse:
    found = found_ticket(request, number)
    return render(request, "tickets/_side.html", {"side": ticket_page.side(found, reader(request))})


def page_context(
    request: HttpRequest, found: Ticket, user: User, field: ticket_page.Composer
) -> dict[str, object]:
    """The whole page around a note field."""
    return {
        "header": ticket_page.header(found, user, now()),
        "composer": field,
        "side": ticket_page.side(found, user),
        **thread_context(request, found, user),
    }


def thread_context(request: HttpRequest, found: Ticket, user: User) -> dict[str, object]:
    """The entries that were asked for and the chips that ask for others."""
    show = request.GET.get("show", "all")
    show = show if show in SHOWS else "all"
    before = request.GET.get("before", "")
    chips = [(code, label) for code, (label, _which) in SHOWS.items()]
    shown = timeline(found, user, show=show, before=int(before) if before.isdecimal() else 0)
    return {"ticket": found, "timeline": shown, "show": show, "chips": chips}
