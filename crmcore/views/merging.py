"""Duplicates of one customer: who may be the same, merging with one of them, and undoing it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore import permissions
from crmcore.actions.merging import UNDO_FOR, merge_customers, undo_merge
from crmcore.clock import now
from crmcore.models import Account, Contact, CustomerMerge
from crmcore.queries.customers import search_accounts, search_contacts
from crmcore.queries.duplicates import profile_of, suspects
from crmcore.queries.merges import differences, merges_into, moved_counts, seen_as, stands_upon
from crmcore.views.requests import StaffRequest, staff_page

MODELS: dict[str, Any] = {"account": Account, "contact": Contact}
_SEARCHES: dict[str, Any] = {"account": search_accounts, "contact": search_contacts}


@require_GET
@staff_page("contact")
def merges(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """Who looks like this customer, who is found by `?q=`, and what was merged into it."""
    customer = _found(request, kind, pk)
    if customer.merged_into_id:
        return redirect(f"crm:{kind}_merges", customer.merged_into_id)
    words = request.GET.get("q", "").strip()
    found = _SEARCHES[kind](words, user=request.user) if words else []
    alike = suspects(
        MODELS[kind], profile_of(customer), name=customer.name, user=request.user, besides=customer.pk, limit=20
    )
    past = merges_into(customer)
    gone = MODELS[kind]._default_manager.in_bulk([merge.source_id for merge in past])
    context = {
        "customer": customer,
        "account": customer,
        "kind": kind,
        "words": words,
        "found": [one for one in found if one.pk != customer.pk],
        "alike": alike,
        "past": [(merge, gone[merge.source_id]) for merge in past if merge.source_id in gone],
        "may_merge": permissions.may(request.user, kind, "merge"),
        "undo_since": now() - UNDO_FOR,
    }
    return render(request, f"crmcore/{kind}_merges.html", context)


@require_http_methods(["GET", "POST"])
@staff_page("contact")
def merge(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """`?other=`: both side by side; a post merges what does not stay into what stays."""
    permissions.require(request.user, kind, "merge")
    asked = request.POST or request.GET
    survivor, source = _found(request, kind, pk), _found(request, kind, _number(asked.get("other", "")))
    if request.method == "POST":
        try:
            choices = {name.removeprefix("take-"): request.POST[name] for name in request.POST if "take-" in name}
            merge_customers(source, survivor, by=request.user, choices=choices, seen=request.POST.get("seen", ""))
            messages.success(request, _("Merged. For 30 days it can be undone here."))
            return redirect(f"crm:{kind}_merges", survivor.pk)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        except OperationalError:
            messages.error(request, _("Somebody is working with one of the two. Try again in a moment."))
        return redirect(f"{request.path}?other={source.pk}")
    if survivor.merged_into_id or source.merged_into_id or survivor == source:
        return redirect(f"crm:{kind}_merges", survivor.merged_into_id or survivor.pk)
    context = {
        "survivor": survivor,
        "source": source,
        "kind": kind,
        "choices": differences(survivor, source),
        "counts": moved_counts(source),
        "seen": seen_as(source, survivor),
    }
    return render(request, "crmcore/merge.html", context)


@require_POST
@staff_page("contact")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Part two customers again and say what stays as it is now."""
    past = get_object_or_404(CustomerMerge, pk=pk)
    _found(request, past.kind, past.survivor_id)
    try:
        kept = undo_merge(past, by=request.user)
    except ValidationError as refused:
        later = stands_upon(past)
        messages.error(request, " ".join(refused.messages))
        return redirect(f"crm:{past.kind}_merges", later.survivor_id if later else past.survivor_id)
    messages.success(request, _("Parted again: every row is back where it was."))
    if kept:
        fields = pgettext("between parts", ", ").join(kept)
        messages.info(request, _("Changed since the merge, and left so: %(fields)s") % {"fields": fields})
    return redirect(f"crm:{past.kind}_merges", past.survivor_id)


def _found(request: StaffRequest, kind: str, pk: int) -> Any:
    permissions.require(request.user, kind, "view")
    return get_object_or_404(MODELS[kind]._default_manager.visible_to(request.user), pk=pk)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0
