"""Return visits: the settings page of plans, methods and themes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.forms.dressing import dressed
from crmcore.models import User
from servicedesk.setup.catalogue import Catalogue
from tickets.library_words import offer_words, take_words
from tickets.models import Rule, VisitMethod, VisitPlan, VisitTheme

NAMES = {"name": _("Name"), "name_zh": _("Chinese name")}
SAME_NAME = _("What they read in Chinese; empty means the same name.")


class EntryForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What the three forms share: the look."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dressed(field)


class VisitPlanForm(EntryForm):
    """What the step “Plan a return visit” plans."""

    class Meta:
        model = VisitPlan
        fields = (
            *("name", "name_zh", "method", "theme", "who", "after_hours", "window_hours"),
            *("script", "script_zh", "questionnaire"),
        )
        labels = {
            **NAMES,
            "method": pgettext_lazy("way", "Method"),
            "theme": _("Theme"),
            "who": _("Who visits"),
            "after_hours": pgettext_lazy("visit", "Due after hours"),
            "window_hours": _("Within hours"),
            "questionnaire": _("Questionnaire"),
            "script": _("What to say"),
            "script_zh": _("What to say, in Chinese"),
        }
        help_texts = {
            "name_zh": SAME_NAME,
            "who": _("Where there is nobody, the leader of the queue's team."),
            "after_hours": _("Counted from when the rule runs."),
            "window_hours": _("After that the visit is missed, and the team's leader is told."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_words(self, user)
        for name, model in (("method", VisitMethod), ("theme", VisitTheme)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset, field.empty_label = model._default_manager.filter(owner=None, is_active=True), None
        window = self.fields["window_hours"]
        assert isinstance(window, forms.IntegerField)
        window.min_value = 1
        window.validators.append(lambda value: _at_least_one(value))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        take_words(self, cleaned)
        return cleaned


class VisitMethodForm(EntryForm):
    class Meta:
        model = VisitMethod
        fields = ("name", "name_zh", "kind")
        labels = {**NAMES, "kind": _("Kind")}
        help_texts = {"name_zh": SAME_NAME}


class VisitThemeForm(EntryForm):
    class Meta:
        model = VisitTheme
        fields = ("name", "name_zh")
        labels = NAMES
        help_texts = {"name_zh": SAME_NAME}


def _at_least_one(value: int) -> None:
    if value < 1:
        raise forms.ValidationError(_("One hour at least."))


class VisitPlans(Catalogue):
    """Plans with the rules that plan by them, and the desk's methods and themes; people's own are left out."""

    def form_for(self, data: Any, entry: VisitPlan, user: User) -> VisitPlanForm:
        return VisitPlanForm(data, instance=entry, user=user)

    def context(self) -> dict[str, Any]:
        planning: dict[str, list[Rule]] = {}
        for rule in Rule.objects.all():
            for code, value in rule.steps:
                if code == "visit":
                    planning.setdefault(str(value), []).append(rule)
        plans = VisitPlan.objects.select_related("method", "theme").order_by("-is_active", "position", "pk")
        return {
            "plans": [(plan, planning.get(str(plan.pk), [])) for plan in plans],
            "methods": VisitMethod.objects.filter(owner=None).order_by("-is_active", "position", "pk"),
            "themes": VisitTheme.objects.filter(owner=None).order_by("-is_active", "position", "pk"),
            "method_catalogue": VISIT_METHODS,
            "theme_catalogue": VISIT_THEMES,
        }


PAGE = "setup:visit_plans"
VISIT_PLANS = VisitPlans("visit_plans", PAGE, "visit-plans", VisitPlanForm, new=_("New plan"), back=_("Return visits"))
VISIT_METHODS = Catalogue(
    "visit_methods", PAGE, "visit-plans/methods", VisitMethodForm, new=_("New method"), back=_("Return visits")
)
VISIT_THEMES = Catalogue(
    "visit_themes", PAGE, "visit-plans/themes", VisitThemeForm, new=_("New theme"), back=_("Return visits")
)
