"""The page of missed callers."""

from django.http import HttpResponse
from django.shortcuts import render

from crmcore.views.requests import StaffRequest, staff_page, wants_fragment
from servicedesk.console.desk import queues_of
from servicedesk.console.owed import Owed, missed_page, promised_calls

PROMISES = 50


@staff_page("call")
def missed(request: StaffRequest) -> HttpResponse:
    """`?at=`: who called and was not answered, and whom we promised to call."""
    user = request.user
    page = missed_page(user, request.GET.get("at", ""))
    context = {
        "page": page,
        "rows": [Owed(row) for row in page.rows],
        "promises": promised_calls(user, PROMISES),
        "queue_ids": queues_of(user),
        "here": request.get_full_path(),
    }
    template = "_owed_rows.html" if wants_fragment(request) else "missed.html"
    return render(request, f"servicedesk/console/{template}", context)
