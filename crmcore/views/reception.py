"""The reception's register: one quick page, the supervisor's check, and the card of a visitor."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore import clock, permissions
from crmcore.actions import reception
from crmcore.forms.reception import ReceptionForm, initial_of
from crmcore.models import Reception
from crmcore.queries.reception import VIEWS, page_of_receptions
from crmcore.queries.rights import require_reach
from crmcore.views.requests import StaffRequest, number_in, staff_page


@require_GET
@staff_page("lead")
def register(request: StaffRequest) -> HttpResponse:
    """The entries, latest first; `?view=` as in VIEWS."""
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "all"
    page = page_of_receptions(request.user, view, before=number_in(request, "before"))
    checkable = set(
        Reception.objects.visible_to(request.user, "assign")
        .filter(pk__in=[row.pk for row in page.rows])
        .exclude(recorded_by=request.user)
        .values_list("pk", flat=True)
    )
    context = {
        "page": page,
        "rows": [(row, row.pk in checkable) for row in page.rows],
        "view": view,
        "title": VIEWS[view][0],
        "views": [(code, label, icon) for code, (label, icon) in VIEWS.items()],
        "may_create": permissions.may(request.user, "lead", "create"),
    }
    return render(request, "crmcore/reception_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_page("lead", "create")
def new_entry(request: StaffRequest) -> HttpResponse:
    """Who has just come in; ?kind=call, ?name= and ?phone= come filled from a call; `card` opens the card too."""
    kind = request.GET.get("kind", "")
    initial = {
        "kind": kind if kind in Reception.Kind.values else Reception.Kind.WALK_IN,
        "name": request.GET.get("name", ""),
        "phone": request.GET.get("phone", ""),
        "arrived_at": timezone.localtime(clock.now()).replace(second=0, microsecond=0),
        "once": uuid4().hex,
    }
    form = ReceptionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            entry = reception.record_reception(by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            if "card" in request.POST:
                return _to_card(request, entry)
            messages.success(request, _("Saved"))
            return redirect("crm:reception")
    return render(request, "crmcore/reception_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff_page("lead", "edit")
def edit_entry(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct an entry."""
    entry = _visible(request, pk)
    require_reach(request.user, "edit", entry)
    form = ReceptionForm(request.POST or None, initial=initial_of(entry))
    if request.method == "POST" and form.is_valid():
        changes = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        try:
            reception.correct_reception(entry, by=request.user, **changes)
            return redirect("crm:reception")
        except ValidationError as refused:
            form.add_error(None, refused)
    context = {"form": form, "entry": entry}
    return render(request, "crmcore/reception_form.html", context, status=422 if form.errors else 200)


@require_POST
@staff_page("lead", "assign")
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Right, or returned with a remark."""
    entry = _visible(request, pk)
    is_right = request.POST.get("answer") == "right"
    try:
        reception.check_reception(entry, by=request.user, is_right=is_right, remark=request.POST.get("remark", ""))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    view = request.POST.get("view", "")
    return redirect(f"{reverse('crm:reception')}?view={view}" if view in VIEWS else "crm:reception")


@require_POST
@staff_page("lead", "create")
def open_card(request: StaffRequest, pk: int) -> HttpResponse:
    """The card of this visitor, new or known."""
    return _to_card(request, _visible(request, pk))


def _to_card(request: StaffRequest, entry: Reception) -> HttpResponse:
    try:
        lead = reception.card_of(entry, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("crm:reception_edit", entry.pk)
    if not type(lead).objects.visible_to(request.user).filter(pk=lead.pk).exists():
        messages.success(request, _("The card %(number)s is with the consultant.") % {"number": lead.number})
        return redirect("crm:reception")
    return redirect(lead)


def _visible(request: StaffRequest, pk: int) -> Reception:
    found: Reception = get_object_or_404(Reception.objects.visible_to(request.user), pk=pk)
    return found
