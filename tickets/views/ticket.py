"""A ticket's page and the parts of it that refetch themselves."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crmcore.clock import now
from crmcore.models import User
from crmcore.queries.rights import reaches
from crmcore.views.requests import StaffRequest, moment_of, staff_page
from tickets.models import Ticket
from tickets.queries import ticket_page
from tickets.queries.merged import survivor_of
from tickets.queries.readings import Reading, reading_of
from tickets.queries.timeline import SHOWS, timeline
from tickets.views.lookup import found_ticket


@staff_page("ticket")
def ticket(request: StaffRequest, number: str) -> HttpResponse:
    """`/tickets/KW-20418/`; one that was merged away leads to where it went, with `?alone=1` it shows itself."""
    found, user = found_ticket(request, number), request.user
    into = survivor_of(found)
    if into != found and "alone" not in request.GET and reaches(user, "view", into):
        messages.info(request, _("%(number)s was merged into this one.") % {"number": found.number})
        return redirect(into)
    reading = reading_in(request, found)
    return render(request, "tickets/ticket.html", page_context(request, reading, ticket_page.composer(reading)))


@staff_page("ticket")
def header(request: StaffRequest, number: str) -> HttpResponse:
    found = found_ticket(request, number)
    context = {"header": ticket_page.header(reading_in(request, found))}
    return render(request, "tickets/_ticket_header.html", context)


@staff_page("ticket")
def thread(request: StaffRequest, number: str) -> HttpResponse:
    found = found_ticket(request, number)
    return render(request, "tickets/_thread.html", thread_context(request, found, request.user))


@staff_page("ticket")
def side(request: StaffRequest, number: str) -> HttpResponse:
    found = found_ticket(request, number)
    return render(request, "tickets/_side.html", {"side": ticket_page.side(reading_in(request, found))})


def reading_in(request: StaffRequest, found: Ticket) -> Reading:
    """The ticket as whoever asks reads it now; after a change that is later than when they asked."""
    return reading_of(found, request.user, now() if request.method == "POST" else moment_of(request))


def page_context(request: StaffRequest, reading: Reading, field: ticket_page.Composer) -> dict[str, object]:
    """The whole page around a note field."""
    return {
        "header": ticket_page.header(reading),
        "composer": field,
        "side": ticket_page.side(reading),
        **thread_context(request, reading.ticket, reading.user, reading.parts),
    }


def thread_context(request: StaffRequest, found: Ticket, user: User, parts: Sequence[int] = ()) -> dict[str, object]:
    """The entries that were asked for and the chips that ask for others; `parts` as in `entries_of`."""
    show = request.GET.get("show", "all")
    show = show if show in SHOWS else "all"
    chips = [(code, label) for code, (label, _which) in SHOWS.items()]
    shown = timeline(found, user, show=show, before=request.GET.get("before", ""), parts=parts)
    return {"ticket": found, "timeline": shown, "show": show, "chips": chips}
