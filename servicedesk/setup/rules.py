"""Automation: the settings page of the rules, with what each did and would do."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.clock import now
from crmcore.forms.dressing import dressed
from servicedesk.setup.catalogue import Catalogue
from tickets.actions.steps import sentence
from tickets.condition_forms import ConditionsForm
from tickets.models import Rule
from tickets.queries.conditions import PARTS, NotUnderstood, understand
from tickets.queries.rules import would_run_on
from tickets.step_forms import StepsForm

SHOWN = 10


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """One rule: when, for which tickets, and what."""

    on = forms.MultipleChoiceField(
        label=_("When"),
        choices=Rule.Happening,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "sd-box"}),
        help_text=_("Nothing ticked: every minute, once per ticket until somebody is heard of again."),
    )

    class Meta:
        model = Rule
        fields = ("name", "name_zh", "on")
        labels = {"name": _("Name"), "name_zh": _("Chinese name")}
        help_texts = {
            "name": _("Stands on the timeline of every ticket that the rule changed."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
        }

    def __init__(self, data: Any = None, *, instance: Rule) -> None:
        super().__init__(data, instance=instance)
        dressed(self.fields["name"])
        dressed(self.fields["name_zh"])
        self.conditions = ConditionsForm(data, initial=instance.conditions)
        self.steps = StepsForm(data, initial=instance.steps)

    def is_valid(self) -> bool:
        """The whole: the fields, the conditions and the steps."""
        parts = [super().is_valid(), self.conditions.is_valid(), self.steps.is_valid()]
        if all(parts):
            self.instance.conditions, self.instance.steps = self.conditions.value, self.steps.value
        return all(parts)

    @property
    def runs(self) -> list[Any]:
        """What the rule did last."""
        if self.instance.pk is None:
            return []
        rows = self.instance.runs.select_related("ticket").defer("ticket__search")
        return list(rows.order_by("-at")[:SHOWN])

    @property
    def tickets(self) -> list[Any]:
        """On what the rule as it is stored would run as things stand now."""
        if self.instance.pk is None:
            return []
        return list(would_run_on(self.instance, now()).defer("search")[: SHOWN + 1])


class Rules(Catalogue):
    """The list of rules in their order, each in sentences."""

    form_template = "servicedesk/setup/rule.html"

    def context(self) -> dict[str, Any]:
        rows = [(rule, _when(rule), _if(rule), _then(rule)) for rule in Rule.objects.all()]
        return {
            "used": [row for row in rows if row[0].is_active],
            "retired": [row for row in rows if not row[0].is_active],
        }


def _when(rule: Rule) -> list[str]:
    return [str(Rule.Happening(one).label) for one in rule.on] or [str(_("every minute"))]


def _if(rule: Rule) -> list[tuple[str, list[str]]]:
    return [(part, [_sentence(row) for row in rule.conditions.get(part, ())]) for part in PARTS]


def _sentence(condition: Any) -> str:
    try:
        return understand(condition).sentence()
    except NotUnderstood as problem:
        return str(problem)


def _then(rule: Rule) -> list[str]:
    return [sentence(step) for step in rule.steps]


RULES = Rules("rules", "setup:rules", "rules", RuleForm, new=_("New rule"), back=_("Automation"))
