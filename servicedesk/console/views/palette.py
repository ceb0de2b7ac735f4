"""Answers of the command palette."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from servicedesk.console.desk import desk_of
from servicedesk.console.doors import agent_of, staff_only
from servicedesk.console.palette import find


@staff_only()
def palette(request: HttpRequest) -> HttpResponse:
    """`?q=`: the list under the field."""
    user, words = agent_of(request), request.GET.get("q", "")
    call = desk_of(user).call
    context = {"found": find(words, user), "words": words.strip(), "call": call}
    return render(request, "servicedesk/console/_palette_list.html", context)
