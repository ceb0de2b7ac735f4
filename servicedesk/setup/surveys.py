"""Surveys: the settings page of what customers are asked once their ticket is over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from servicedesk.setup.catalogue import Catalogue
from tickets.models import Measure, Rule, SurveyTemplate
from tickets.step_forms import StepsForm


class SurveyTemplateForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What is asked, how, how often, and what follows a low score."""

    ways = forms.MultipleChoiceField(
        label=_("Sent by"),
        choices=SurveyTemplate.Way,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "sd-box"}),
        help_text=_("The first way that leads to the customer. The portal asks in any case."),
    )

    class Meta:
        model = SurveyTemplate
        fields = (
            "name",
            "name_zh",
            "measure",
            "ways",
            "delay_hours",
            "rest_days",
            "valid_days",
            "questionnaire",
            "low_at",
        )
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "measure": _("Measures"),
            "delay_hours": _("Asked after hours"),
            "rest_days": _("Not again for days"),
            "questionnaire": _("Questions after the score"),
            "valid_days": _("Takes answers for days"),
            "low_at": _("A score is low up to"),
        }
        help_texts = {
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "delay_hours": _("Counted from when the rule runs; a ticket that is reopened before is not asked about."),
            "rest_days": _("A customer who was asked within so many days is spared; 0 asks each time."),
            "low_at": _("Empty means that no score is low."),
        }

    def __init__(self, data: Any = None, *, instance: SurveyTemplate) -> None:
        super().__init__(data, instance=instance)
        self.steps = StepsForm(data, initial=instance.low_steps)
        for name, field in self.fields.items():
            if name != "ways":
                dressed(field)
        self.fields["valid_days"] = _days(self.fields["valid_days"])

    def is_valid(self) -> bool:
        """The fields and the steps."""
        parts = [super().is_valid(), not any(row.error for row in self.steps.rows)]
        if all(parts):
            self.instance.low_steps = self.steps.value
        return all(parts)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        measure, low = cleaned.get("measure"), cleaned.get("low_at")
        if measure and low is not None and low not in Measure(measure).scale:
            self.add_error("low_at", _("This is not on the scale."))
        return cleaned


def _days(field: forms.Field) -> forms.Field:
    """An answer needs a day at least, and a link that works for ever is a risk."""
    assert isinstance(field, forms.IntegerField)
    return forms.IntegerField(label=field.label, min_value=1, max_value=365, widget=field.widget)


class Surveys(Catalogue):
    """Each survey with the rules that ask by it."""

    form_template = "servicedesk/setup/survey.html"

    def context(self) -> dict[str, Any]:
        asking: dict[str, list[Rule]] = {}
        for rule in Rule.objects.all():
            for code, value in rule.steps:
                if code == "survey":
                    asking.setdefault(str(value), []).append(rule)
        rows = [(entry, asking.get(str(entry.pk), [])) for entry in SurveyTemplate.objects.order_by("position", "pk")]
        return {"used": [row for row in rows if row[0].is_active], "retired": [r for r in rows if not r[0].is_active]}


SURVEYS = Surveys("surveys", "setup:surveys", "surveys", SurveyTemplateForm, new=_("New survey"), back=_("Surveys"))
