"""Making, changing and removing saved views."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crmcore.clock import now
from crmcore.models import User
from crmcore.views.requests import StaffRequest, staff_page
from tickets.actions.saved_views import BadView, remove_view, save_view
from tickets.condition_forms import ConditionsForm
from tickets.models import SavedView
from tickets.queries.clock_faces import face_of
from tickets.queries.columns import USUAL, columns_of
from tickets.queries.keyset import page_of
from tickets.queries.saved_views import may_change, tickets_in, views_of
from tickets.queries.worklists import Asked, with_rows
from tickets.view_forms import ViewForm, first_values

SHOWN = 5


@staff_page("ticket")
def new_view(request: StaffRequest) -> HttpResponse:
    """`/tickets/views/new/`; `from` names a view to begin with."""
    pattern = next((view for view in views_of(request.user) if view.key == request.GET.get("from")), None)
    view = SavedView(owner=request.user, columns=list(USUAL))
    if pattern is not None:
        view.conditions, view.columns, view.sort = pattern.conditions, pattern.columns, pattern.sort
    return _edit(request, view)


@staff_page("ticket")
def edit_view(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, _own(request.user, pk))


@staff_page("ticket")
@require_POST
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        remove_view(_own(request.user, pk), by=request.user)
    except BadView as problem:
        messages.error(request, str(problem))
        return redirect("tickets:view_edit", pk)
    messages.success(request, _("Removed"))
    return redirect("tickets:list")


@staff_page("ticket")
@require_POST
def preview(request: StaffRequest) -> HttpResponse:
    """The first tickets that a view would hold as it stands in the form."""
    form, conditions = ViewForm(request.POST, user=request.user), ConditionsForm(request.POST)
    form.is_valid()
    view = SavedView(
        conditions=conditions.value,
        columns=["ticket", *form.cleaned_data.get("columns", ())],
        sort=form.cleaned_data.get("sort", SavedView.Sort.DUE),
    )
    return render(request, "tickets/_view_preview.html", _preview(view, request.user))


def _edit(request: StaffRequest, view: SavedView) -> HttpResponse:
    user = request.user
    if request.method != "POST":
        context = {"form": ViewForm(initial=first_values(view), user=user), **_preview(view, user)}
        context["conditions"] = ConditionsForm(initial=view.conditions)
        return render(request, "tickets/view_edit.html", context | {"view": view})
    form, conditions = ViewForm(request.POST, user=user), ConditionsForm(request.POST)
    if form.is_valid() and conditions.is_valid():
        form.fill(view, user).conditions = conditions.value
        save_view(view, by=user)
        messages.success(request, _("Saved"))
        return redirect(f"{reverse('tickets:list')}?view={view.key}")
    context = {"form": form, "conditions": conditions, "view": view, **_preview(view, user)}
    return render(request, "tickets/view_edit.html", context, status=422)


def _own(user: User, pk: int) -> SavedView:
    """A view that the user may change. Raises Http404."""
    view = views_of(user).filter(pk=pk).first()
    if view is None or not may_change(user, view):
        raise Http404
    return view


def _preview(view: SavedView, user: User) -> dict[str, object]:
    moment = now()
    found = page_of(with_rows(tickets_in(view, user, moment)), Asked(view).order, size=SHOWN)
    return {
        "rows": [(ticket, face_of(ticket, moment)) for ticket in found.rows],
        "columns": columns_of(view.columns),
        "more": bool(found.after),
    }
