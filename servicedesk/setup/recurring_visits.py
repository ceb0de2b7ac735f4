"""Recurring visits: the settings page of plans by which the desk visits customers again and again."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from crmcore.forms.dressing import dressed
from crmcore.models import Account, Calendar, Team, User
from servicedesk.setup.access import opens_with
from servicedesk.setup.catalogue import Catalogue
from tickets.actions.recurring_visits import pause, save_plan
from tickets.library_words import offer_words, take_words
from tickets.models import RecurringVisits, VisitMethod, VisitTheme
from tickets.queries.visit_progress import PlanProgress, progress_of

PAGE = "setup:recurring_visits"


class RecurringVisitsForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The rhythm, how and about what, by whom and within which time."""

    grades = forms.MultipleChoiceField(
        label=_("Only customers of level"),
        choices=Account.Grade,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "sd-box"}),
        help_text=_("None ticked means everybody."),
    )

    class Meta:
        model = RecurringVisits
        fields = (
            *("name", "name_zh", "rhythm", "months", "times", "days_before", "first_on", "grades", "method", "theme"),
            *("team", "who", "calendar", "lead_days", "window_days", "script", "script_zh", "questionnaire"),
        )
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "rhythm": _("Rhythm"),
            "months": _("Every so many months"),
            "times": _("How often"),
            "days_before": _("Days before it ends"),
            "first_on": _("First on"),
            "method": pgettext_lazy("way", "Method"),
            "theme": _("Theme"),
            "team": _("Team"),
            "who": _("Who visits"),
            "calendar": _("Working days by"),
            "lead_days": _("Planned days ahead"),
            "window_days": _("Within working days"),
            "script": _("What to say"),
            "script_zh": _("What to say, in Chinese"),
            "questionnaire": _("Questionnaire"),
        }
        help_texts = {
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "months": _("After a closing or a delivery."),
            "times": _("After a closing or a delivery; 1 visits once."),
            "days_before": _("For warranties."),
            "first_on": _("For the yearly rhythm; then every year on this day."),
            "who": _("Where there is nobody, the team's leader."),
            "calendar": _("A visit that falls on a day off is due on the next working day."),
            "window_days": _("After that the visit is missed, and the team's leader is told."),
        }
        widgets = {"first_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, data: Any = None, *, instance: RecurringVisits, user: User) -> None:
        super().__init__(data, instance=instance)
        offer_words(self, user)
        offered: dict[str, Any] = {
            "method": VisitMethod.objects.filter(owner=None, is_active=True),
            "theme": VisitTheme.objects.filter(owner=None, is_active=True),
            "team": Team.objects.order_by("name"),
            "calendar": Calendar.objects.order_by("name"),
        }
        for name, rows in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset, field.empty_label = rows, None
        for name, lowest, highest in (
            ("months", 1, 120),
            ("times", 1, 60),
            ("window_days", 1, 60),
            ("lead_days", 0, 90),
        ):
            number = self.fields[name]
            self.fields[name] = forms.IntegerField(
                label=number.label, help_text=number.help_text, min_value=lowest, max_value=highest
            )
        for name, field in self.fields.items():
            if name != "grades":
                dressed(field)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        take_words(self, cleaned)
        if cleaned.get("rhythm") == RecurringVisits.Rhythm.YEARLY and not cleaned.get("first_on"):
            self.add_error("first_on", forms.ValidationError(_("Choose a day.")))
        return cleaned


class RecurringPlans(Catalogue):
    """Plans with how far they have come."""

    form_template = "servicedesk/setup/recurring_visits_form.html"

    def form_for(self, data: Any, entry: RecurringVisits, user: User) -> RecurringVisitsForm:
        return RecurringVisitsForm(data, instance=entry, user=user)

    def context(self) -> dict[str, Any]:
        related = ("method", "theme", "team", "calendar")
        plans = list(RecurringVisits.objects.select_related(*related).order_by("-is_active", "position", "pk"))
        progress = progress_of(plans)
        return {"plans": [(plan, progress.get(plan.pk, PlanProgress())) for plan in plans]}

    def save(self, form: Any, by: User) -> None:
        save_plan(form.instance, by=by)


@opens_with(PAGE)
@require_POST
def pause_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause it with `pause=1`, else go on."""
    assert isinstance(request.user, User)
    pause(get_object_or_404(RecurringVisits, pk=pk), request.POST.get("pause") == "1", by=request.user)
    return redirect(PAGE)


RECURRING_VISITS = RecurringPlans(
    "recurring_visits",
    PAGE,
    "recurring-visits",
    RecurringVisitsForm,
    new=_("New plan"),
    back=_("Recurring visits"),
)
