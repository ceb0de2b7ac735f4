"""Answers of the command palette."""

from django.http import HttpResponse
from django.shortcuts import render

from crmcore.views.requests import StaffRequest, staff_page
from servicedesk.console.desk import desk_of
from servicedesk.console.palette import find
from servicedesk.templatetags.calling import may_call


@staff_page("account")
def palette(request: StaffRequest) -> HttpResponse:
    """`?q=`: the list under the field."""
    user, words = request.user, request.GET.get("q", "")
    call = desk_of(user).call
    context = {"found": find(words, user), "words": words.strip(), "call": call, "may_call": may_call(request)}
    return render(request, "servicedesk/console/_palette_list.html", context)
