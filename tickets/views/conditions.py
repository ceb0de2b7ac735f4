"""One row of a form of conditions or of steps, fetched again when what it is about changes."""

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render

from crmcore.views.requests import StaffRequest, staff_page
from tickets.condition_forms import Row, read_row
from tickets.step_forms import StepRow, read_step

_STEP_KEY = re.compile(r"[a-z]{1,20}-\d{1,4}")
_KEY = re.compile(r"[a-z]{1,20}-(?:all|any)-\d{1,4}")


@staff_page("ticket")
def condition_row(request: StaffRequest, key: str) -> HttpResponse:
    """`/tickets/conditions/if-all-3/` with the row's controls as they stand.

    A row whose field was taken away is gone; one that was just begun (`add`) has the next empty row below it.
    """
    if not _KEY.fullmatch(key):
        raise Http404
    row = read_row(request.GET, key)
    if row.field is None and "add" not in request.GET:
        return HttpResponse()
    start, _, place = key.rpartition("-")
    following = Row(f"{start}-{int(place) + 1}") if row.field and "add" in request.GET else None
    return render(request, "tickets/_condition_row.html", {"row": row, "following": following})


@staff_page("ticket")
def step_row(request: StaffRequest, key: str) -> HttpResponse:
    """`/tickets/steps/do-3/`, as `condition_row`."""
    if not _STEP_KEY.fullmatch(key):
        raise Http404
    row = read_step(request.GET, key)
    if row.kind is None and "add" not in request.GET:
        return HttpResponse()
    start, _, place = key.rpartition("-")
    following = StepRow(f"{start}-{int(place) + 1}") if row.kind and "add" in request.GET else None
    return render(request, "tickets/_step_row.html", {"row": row, "following": following})
