"""The people of the desk: list, a page each, first passwords, and who may not sign in any more."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.actions import staff
from crmcore.models import User
from crmcore.permissions import may
from crmcore.queries.people import covers, people_for, roles_for
from servicedesk.setup.access import opens_with
from servicedesk.setup.people_forms import OwnPasswordForm, PersonForm, rows_of_person
from servicedesk.setup.queue_rows import kept
from telephony.actions.staffing import serve

PAGE = "setup:people"
SHOWN_ONCE = "first_password"
MOST_SHOWN = 200


@require_GET
@opens_with(PAGE)
def people_list(request: HttpRequest) -> HttpResponse:
    """Who works here, as far as the reader looks after them."""
    by, text, shown = _person(request), request.GET.get("q", "").strip(), request.GET.get("show", "")
    found = people_for(by).filter(is_active=shown != "locked")
    if text:
        found = found.filter(Q(name__icontains=text) | Q(username__icontains=text) | Q(email__icontains=text))
    rows = list(_with_places(found)[: MOST_SHOWN + 1])
    context = {
        "people": rows[:MOST_SHOWN],
        "is_cut": len(rows) > MOST_SHOWN,
        "text": text,
        "shown": shown,
        "may_create": may(by, "user", "create"),
    }
    return render(request, "servicedesk/setup/people.html", context)


@require_http_methods(["GET", "POST"])
@opens_with(PAGE)
def new_person(request: HttpRequest) -> HttpResponse:
    """Somebody new; the first password is shown on the page that follows."""
    by = _person(request)
    form = PersonForm(
        request.POST or None, roles=roles_for(by), initial={"language": by.language, "time_zone": by.time_zone}
    )
    if request.method == "POST" and form.is_valid():
        facts = form.facts
        placed = {name: form.cleaned_data.get(name, []) for name in ("roles", "teams")}
        password = staff.hire(facts.pop("username"), by=by, **placed, **facts)
        person = User.objects.get(username=form.cleaned_data["username"])
        request.session[SHOWN_ONCE] = [person.pk, password]
        return redirect("setup:person", person.pk)
    context = {"form": form, "may_create": may(by, "user", "create")}
    return render(request, "servicedesk/setup/person_new.html", context, status=_status(request))


@require_http_methods(["GET", "POST"])
@opens_with(PAGE)
def person_page(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person. Who has a right that the reader lacks can be looked at, not changed."""
    by = _person(request)
    person = get_object_or_404(people_for(by), pk=person_id)
    data = request.POST or None
    initial = {"roles": person.roles.all(), "teams": person.teams.all()}
    form = PersonForm(data, instance=person, roles=roles_for(by), initial=initial)
    rows = rows_of_person(person, data)
    if request.method == "POST" and all([form.is_valid(), *(each.is_valid() for each in rows.values())]):
        try:
            _save(person, form, rows, by)
        except staff.OwnAccount:
            form.add_error("roles", _("You cannot change your own roles."))
        else:
            messages.success(request, _("Saved"))
            return redirect("setup:person", person.pk)
    stored = User.objects.get(pk=person.pk)
    context = {
        "form": form,
        "person": stored,
        "is_self": by == stored,
        "in_charge": covers(by, stored),
        "may_hand_over": may(by, "account", "assign"),
        **rows,
    }
    return render(
        request, "servicedesk/setup/person.html", context | _shown_once(request, stored), status=_status(request)
    )


@require_POST
@opens_with(PAGE)
def reset_password(request: HttpRequest, person_id: int) -> HttpResponse:
    """A new password, shown once."""
    person = get_object_or_404(people_for(_person(request)), pk=person_id)
    request.session[SHOWN_ONCE] = [person.pk, staff.reset_password(person, by=_person(request))]
    return redirect("setup:person", person.pk)


@require_POST
@opens_with(PAGE)
def set_locked(request: HttpRequest, person_id: int) -> HttpResponse:
    """Keep somebody out, or let him in again."""
    person = get_object_or_404(people_for(_person(request)), pk=person_id)
    try:
        staff.set_locked(person, locked=request.POST.get("locked") == "1", by=_person(request))
    except staff.OwnAccount:
        messages.error(request, _("You cannot lock yourself out."))
    return redirect("setup:person", person.pk)


@require_http_methods(["GET", "POST"])
@opens_with("setup:password")
def own_password(request: HttpRequest) -> HttpResponse:
    """Another password for oneself; this browser stays signed in."""
    by = _person(request)
    form = OwnPasswordForm(by, request.POST or None)
    if request.method == "POST" and form.is_valid():
        staff.change_password(by, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, by)
        messages.success(request, _("Saved"))
        return redirect("setup:password")
    return render(request, "servicedesk/setup/password.html", {"form": form}, status=_status(request))


@transaction.atomic
def _save(person: User, form: PersonForm, rows: dict[str, Any], by: User) -> None:
    staff.save_person(person, by=by, skills=kept(rows["skills"]), **form.facts)
    if form.placing:
        staff.place(person, roles=form.cleaned_data["roles"], teams=form.cleaned_data["teams"], by=by)
    if may(by, "queue", "edit"):
        serve(person, kept(rows["queues"]), by=by)


def _with_places(people: QuerySet[User]) -> QuerySet[User]:
    return people.prefetch_related("roles", "teams", "queues", "skills__skill")


def _shown_once(request: HttpRequest, person: User) -> dict[str, str]:
    """The new password, if it is this person's; no second time."""
    owner, password = request.session.get(SHOWN_ONCE, (0, ""))
    if owner != person.pk:
        return {}
    del request.session[SHOWN_ONCE]
    return {"password": password}


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
