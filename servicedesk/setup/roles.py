"""Roles and what they may do: the list, and the matrix of one role."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.actions.roles import Cells, RoleKept, create_role, remove_role, save_role
from crmcore.forms.dressing import DressedForm
from crmcore.models import Role, User
from crmcore.permissions import Scope, scope_of
from crmcore.queries.people import OUTSIDERS
from crmcore.rights_matrix import ACTION_LABELS, MATRIX, SCOPE_LABELS, MatrixRow
from servicedesk.setup.access import opens_with


@dataclass(frozen=True)
class Cell:
    """One right: what it is set to, and what the reader may set it to; without choices it stays as it is."""

    name: str
    label: Promise
    value: int
    choices: list[tuple[int, Promise]]

    @property
    def words(self) -> Promise:
        return SCOPE_LABELS[Scope(self.value)]


class RoleForm(DressedForm):
    """The names of a role."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    name_zh = forms.CharField(
        label=gettext_lazy("Chinese name"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("What they read in Chinese; empty means the same name."),
    )


class NewRoleForm(RoleForm):
    """A new role begins with the rights of another."""

    like = forms.ModelChoiceField(
        Role.objects.exclude(code__in=OUTSIDERS).order_by("pk"),
        label=gettext_lazy("Begins with the rights of"),
        required=False,
        empty_label=gettext_lazy("None"),
    )


@require_GET
@opens_with("setup:roles")
def role_list(request: HttpRequest) -> HttpResponse:
    """All roles of staff, with how many people have them."""
    people = Count("users", filter=Q(users__is_active=True), distinct=True)
    rights = Count("grants", filter=Q(grants__scope__gt=0), distinct=True)
    roles = Role.objects.exclude(code__in=OUTSIDERS).annotate(people=people, rights=rights).order_by("pk")
    return render(request, "servicedesk/setup/roles.html", {"roles": roles})


@require_http_methods(["GET", "POST"])
@opens_with("setup:roles")
def new_role(request: HttpRequest) -> HttpResponse:
    """`/settings/roles/new/`."""
    form = NewRoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("setup:role", create_role(by=_reader(request), **form.cleaned_data).pk)
    return render(request, "servicedesk/setup/role_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@opens_with("setup:roles")
def edit_role(request: HttpRequest, pk: int) -> HttpResponse:
    """The matrix of one role. What somebody else changed meanwhile is shown first, and what was typed stays."""
    role = get_object_or_404(Role.objects.exclude(code__in=OUTSIDERS), pk=pk)
    reader = _reader(request)
    stored = _rights_of(role)
    form = RoleForm(request.POST or None, initial={"name": role.name, "name_zh": role.name_zh})
    typed = _typed(request) if request.method == "POST" else stored
    problem = ""
    if request.method == "POST" and form.is_valid():
        if request.POST.get("seen") != _seal(stored):
            problem = _("Somebody else has changed these rights meanwhile. Look through your choices and save again.")
        else:
            try:
                save_role(role, by=reader, rights=typed, **form.cleaned_data)
            except RoleKept as kept:
                problem = str(kept)
            else:
                messages.success(request, _("Saved"))
                return redirect("setup:roles")
    context = {
        "role": role,
        "form": form,
        "rows": [(row.label, _cells(row, typed, stored, reader)) for row in MATRIX],
        "actions": ACTION_LABELS.values(),
        "seen": _seal(stored),
        "problem": problem,
        "is_own": reader.roles.filter(pk=role.pk).exists(),
    }
    return render(request, "servicedesk/setup/role.html", context, status=409 if problem else 200)


@require_POST
@opens_with("setup:roles")
def drop_role(request: HttpRequest, pk: int) -> HttpResponse:
    role = get_object_or_404(Role.objects.exclude(code__in=OUTSIDERS), pk=pk)
    try:
        remove_role(role, by=_reader(request))
    except RoleKept as kept:
        messages.error(request, str(kept))
    return redirect("setup:roles")


def _cells(row: MatrixRow, typed: Cells, stored: Cells, reader: User) -> list[Cell | None]:
    """The cells of a line under all actions; None where the action means nothing."""
    return [_cell(row, action, typed, stored, reader) if action in row.actions else None for action in ACTION_LABELS]


def _cell(row: MatrixRow, action: str, typed: Cells, stored: Cells, reader: User) -> Cell:
    key = (row.noun, action)
    highest = scope_of(reader, *key)
    choices = [] if stored.get(key, Scope.NONE) > highest else _scopes_up_to(highest)
    return Cell(f"{row.noun}.{action}", ACTION_LABELS[action], typed.get(key, Scope.NONE), choices)


def _scopes_up_to(highest: Scope) -> list[tuple[int, Promise]]:
    return [(int(scope), label) for scope, label in SCOPE_LABELS.items() if scope <= highest]


def _rights_of(role: Role) -> dict[tuple[str, str], Scope]:
    return {(grant.noun, grant.action): Scope(grant.scope) for grant in role.grants.order_by("noun", "action")}


def _typed(request: HttpRequest) -> dict[tuple[str, str], Scope]:
    """What the form says; a value that is no scope says nothing."""
    found: dict[tuple[str, str], Scope] = {}
    for row in MATRIX:
        for action in row.actions:
            value = request.POST.get(f"{row.noun}.{action}", "")
            if value in {str(int(scope)) for scope in Scope}:
                found[row.noun, action] = Scope(int(value))
    return found


def _seal(rights: Cells) -> str:
    """The same for the same rights, so that a form knows whether it is stale."""
    return ",".join(f"{noun}.{action}={int(scope)}" for (noun, action), scope in sorted(rights.items()) if scope)


def _reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
