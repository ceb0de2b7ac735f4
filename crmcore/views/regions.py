"""Choosing a region: step by step, or by typing a part of its name."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crmcore.models import Region
from crmcore.queries.regions import MOST_FOUND, levels_to, regions_called
from crmcore.views.requests import StaffRequest, number_in, staff_page


@require_GET
@staff_page("account")
def region_steps(request: StaffRequest) -> HttpResponse:
    """The steps to the region in `?region_pick=`, with what lies below it."""
    region = Region.objects.filter(pk=number_in(request, "region_pick") or 0).first()
    context = {"region": region, "levels": levels_to(region), "is_answer": True}
    return render(request, "crmcore/_region_steps.html", context)


@require_GET
@staff_page("account")
def region_search(request: StaffRequest) -> HttpResponse:
    """The regions with `?region_words=` in their name, each a button that chooses it."""
    words = request.GET.get("region_words", "")[:60]
    found = regions_called(words)[:MOST_FOUND]
    return render(request, "crmcore/_region_found.html", {"found": found, "words": words})
