"""The page of the one box."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from crmcore.clock import now
from crmcore.views.requests import StaffRequest, staff_page
from servicedesk.search.filters import understood
from servicedesk.search.results import find
from servicedesk.search.written import read
from tickets.queries.clock_faces import face_of

TABS = ("", "tickets", "customers", "articles")


@staff_page("ticket")
def search(request: StaffRequest) -> HttpResponse:
    """`/search/?q=type:complaint owner:me 发票`; `in` is the tab, `at` a place between tickets."""
    written = read(request.GET.get("q", ""))
    asked = understood(written)
    tab = request.GET.get("in", "")
    if tab in TABS[1:]:
        asked.places = {tab}
    found = find(written.words, asked, request.user, at=request.GET.get("at", ""))
    query = {"q": written.text, **({"in": tab} if tab else {})}
    moment = now()
    context = {
        "written": written,
        "asked": asked,
        "tab": tab,
        "found": found,
        "faces": [(hit, face_of(hit.ticket, moment)) for hit in found.tickets],
        "before_url": f"?{urlencode(query | {'at': found.before})}" if found.before else "",
        "after_url": f"?{urlencode(query | {'at': found.after})}" if found.after else "",
    }
    return render(request, "servicedesk/search/search.html", context)
