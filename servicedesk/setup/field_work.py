"""How field work is arranged: the desk's terms, technicians, why visits fail and what is ticked on site."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from crmcore.forms.dressing import DressedForm, dressed
from crmcore.models import Calendar, Queue, User
from servicedesk.setup.access import opens_with
from servicedesk.setup.catalogue import Catalogue
from tickets.actions.field_terms import save_technician, set_terms
from tickets.models import FailureReason, FieldTerms, Technician, VisitCheck


class TermsForm(DressedForm):
    """The desk's terms."""

    slot_minutes = forms.TypedChoiceField(
        label=_("Length of a slot"),
        choices=[(n, f"{n} min") for n in (30, 45, 60, 90, 120, 180, 240)],
        coerce=int,
        help_text=_("Free times are offered in steps of this length within the hours of the technicians."),
    )
    notice_hours = forms.IntegerField(
        label=_("Notice in hours"),
        min_value=0,
        max_value=240,
        help_text=_("Customers book no time that begins sooner; the desk may."),
    )
    days_ahead = forms.IntegerField(
        label=_("Days ahead"), min_value=1, max_value=60, help_text=_("How far ahead times are offered.")
    )
    repeat_days = forms.IntegerField(
        label=_("Days of a repeated repair"),
        min_value=1,
        max_value=365,
        help_text=_("A report about the same product within so many days counts as repeated."),
    )
    customers_book = forms.BooleanField(
        label=_("Customers book by themselves"),
        required=False,
        help_text=_("On the portal they choose, move and give back the time of a visit."),
    )
    keeps_photo_places = forms.BooleanField(
        label=_("Keep place and time in photos"),
        required=False,
        help_text=_("Telephones write into photos where and when they were taken. Without this it is taken out."),
    )


class TechnicianForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Somebody who drives out."""

    user = forms.ModelChoiceField(
        User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name"),
        label=_("Person"),
        help_text=_("Give the role Technician under People, so that the phone shows visits and nothing else."),
    )
    calendar = forms.ModelChoiceField(
        Calendar.objects.order_by("name"), label=_("Working hours"), help_text=_("Visits are offered within them.")
    )
    queues = forms.ModelMultipleChoiceField(
        Queue.objects.filter(is_active=True).order_by("position", "pk"),
        label=_("For requests of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked means all queues."),
    )

    class Meta:
        model = Technician
        fields = ("user", "calendar", "most_a_day", "queues", "is_active")
        labels = {"most_a_day": _("Visits a day at most"), "is_active": _("Drives out")}
        help_texts = {"most_a_day": _("No more are offered on one day; by hand more can be given.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("user", "calendar", "most_a_day", "is_active"):
            dressed(self.fields[name])


class _NamedForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dressed(field)


class FailureForm(_NamedForm):
    """One reason."""

    class Meta:
        model = FailureReason
        fields = ("name", "name_zh")
        labels = {"name": _("Name"), "name_zh": _("Chinese name")}
        help_texts = {"name_zh": _("What they read in Chinese; empty means the same name.")}


class CheckForm(_NamedForm):
    """One line of the list."""

    class Meta:
        model = VisitCheck
        fields = ("name", "name_zh", "visit_kind")
        labels = {"name": _("Name"), "name_zh": _("Chinese name"), "visit_kind": _("Kind of visit")}
        help_texts = {
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "visit_kind": _("Empty means every kind. New orders begin with the list as it is then."),
        }


@require_http_methods(["GET", "POST"])
@opens_with("setup:field_terms")
def terms(request: HttpRequest) -> HttpResponse:
    """Read and save the terms."""
    present = FieldTerms.current()
    form = TermsForm(request.POST or None, initial={name: getattr(present, name) for name in TermsForm.base_fields})
    if request.method == "POST" and form.is_valid():
        set_terms(by=_person(request), **form.cleaned_data)
        messages.success(request, gettext("Saved"))
        return redirect("setup:field_terms")
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/field_terms.html", {"form": form}, status=status)


@require_GET
@opens_with("setup:technicians")
def technician_list(request: HttpRequest) -> HttpResponse:
    """Who drives out."""
    rows = Technician.objects.select_related("user", "calendar").prefetch_related("queues").order_by("user__name")
    return render(request, "servicedesk/setup/technicians.html", {"technicians": rows})


@require_http_methods(["GET", "POST"])
@opens_with("setup:technicians")
def edit_technician(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Somebody new, or other hours for one who is there."""
    one = get_object_or_404(Technician, pk=pk) if pk else Technician()
    form = TechnicianForm(request.POST or None, instance=one)
    if request.method == "POST" and form.is_valid():
        save_technician(form.instance, form.cleaned_data["queues"], by=_person(request))
        messages.success(request, gettext("Saved"))
        return redirect("setup:technicians")
    title = one.user.name if pk else gettext("New technician")
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/technician.html", {"form": form, "title": title}, status=status)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


FAILURES = Catalogue(
    "visit_failures",
    "setup:visit_failures",
    "visit-failures",
    FailureForm,
    new=_("New reason"),
    back=_("Why visits fail"),
)
CHECKS = Catalogue(
    "visit_checks", "setup:visit_checks", "visit-checks", CheckForm, new=_("New line"), back=_("Checklist on site")
)
