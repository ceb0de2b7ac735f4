"""Answers of the command palette and of the transfer chooser."""

from django.http import HttpResponse
from django.shortcuts import render

from crmcore.views.requests import StaffRequest, staff_page
from servicedesk.console import colleagues
from servicedesk.console.desk import desk_of
from servicedesk.console.palette import find
from servicedesk.templatetags.calling import may_call
from telephony.providers.registry import provider_of


@staff_page("account")
def palette(request: StaffRequest) -> HttpResponse:
    """`?q=`: the list under the field."""
    user, words = request.user, request.GET.get("q", "")
    call = desk_of(user).call
    context = {"found": find(words, user), "words": words.strip(), "call": call, "may_call": may_call(request)}
    return render(request, "servicedesk/console/_palette_list.html", context)


@staff_page("call")
def directory(request: StaffRequest) -> HttpResponse:
    """`?q=`: to whom the call in hand can be passed on."""
    user = request.user
    call = desk_of(user).call
    found = colleagues.directory(request.GET.get("q", "").strip(), user, call)
    can = provider_of(call.provider).capabilities if call else None
    return render(request, "servicedesk/console/_directory.html", {"found": found, "call": call, "can": can})
