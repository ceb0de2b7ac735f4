"""Forms of a stage flow: a new stage, one stage with its differences by category, and what holds for all of them."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import DressedForm
from crmcore.models import Queue, Team
from tickets.field_values import FieldKind
from tickets.models import Category, Choice, TicketField
from tickets.queries.approvals import approval_plans
from tickets.stage_flow import END, Act, Doing, Flow, Stage

HOUR = 3600
# What form and document call alike.
WORDS = ("name", "name_zh", "portal_name", "portal_name_zh")
SAME = (*WORDS, "tier", "status", "needs", "done", "approvals", "next", "is_mandatory", "takes_reopened")
STATUSES = [("", _("Stays as it is")), *((one.value, one.label) for one in Category if one != Category.VOID)]


class NewStageForm(DressedForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60, required=False)


class StageForm(DressedForm):
    """One stage; below it a row for each category: skipped, its own limit, its own queue."""

    name = forms.CharField(label=_("Name"), max_length=60)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60, required=False)
    portal_name = forms.CharField(
        label=_("Wording for customers"),
        max_length=60,
        required=False,
        help_text=_("A step on the portal's request page; left empty, customers do not see this stage."),
    )
    portal_name_zh = forms.CharField(label=_("Chinese wording for customers"), max_length=60, required=False)
    tier = forms.ChoiceField(
        label=_("Who works it"),
        choices=[("", _("Whoever has the queue")), *Team.Tier.choices],
        required=False,
        help_text=_("The team of this tier to which the ticket's queue belongs, or the nearest above."),
    )
    limit = forms.DecimalField(
        label=_("Limit in open hours"),
        min_value=0,
        max_digits=6,
        required=False,
        help_text=_("After it the stage goes up to the next tier; empty for no limit."),
    )
    status = forms.ChoiceField(label=_("Status when it begins"), choices=STATUSES, required=False)
    queue = forms.ChoiceField(label=_("Queue when it begins"), required=False)
    needs = forms.MultipleChoiceField(label=_("Fields to fill in before it ends"), required=False)
    done = forms.MultipleChoiceField(label=_("What must have happened"), choices=Doing.choices, required=False)
    approvals = forms.MultipleChoiceField(label=_("Approvals before it ends"), required=False)
    next = forms.MultipleChoiceField(label=_("What may follow"), required=False)
    is_mandatory = forms.BooleanField(label=_("Nobody skips it"), required=False)
    takes_reopened = forms.BooleanField(label=_("Reopened tickets come back here"), required=False)

    def __init__(
        self, flow: Flow, stage: Stage, fields: list[TicketField], categories: list[Choice], *args: Any, **kwargs: Any
    ) -> None:
        queues = [
            ("", _("Stays where it is")),
            *((one.code, one.label) for one in Queue.objects.filter(is_active=True)),
        ]
        self.categories = categories
        super().__init__(*args, initial=_initial(stage), **kwargs)
        _offer(self.fields["needs"], [(one.code, one.label) for one in fields], boxes=True)
        _offer(self.fields["approvals"], [(one.code, one.label) for one in approval_plans()], boxes=True)
        others = [(one.code, one.name) for one in flow.stages if one.code != stage.code]
        _offer(self.fields["next"], [*others, (END, _("The end"))], boxes=True)
        _offer(self.fields["done"], list(Doing.choices), boxes=True)
        _offer(self.fields["queue"], queues)
        for one in categories:
            own = {
                f"skip_{one.code}": forms.BooleanField(required=False, initial=one.code in stage.skips),
                f"limit_{one.code}": forms.DecimalField(
                    required=False, min_value=0, max_digits=6, initial=_hours(stage.limits.get(one.code, 0))
                ),
                f"queue_{one.code}": forms.ChoiceField(
                    required=False, choices=queues, initial=stage.queues.get(one.code, "")
                ),
            }
            for name, field in own.items():
                field.widget.attrs["class"] = "sd-box" if name.startswith("skip_") else "sd-input"
            self.fields |= own

    @property
    def plain_fields(self) -> list[BoundField]:
        return [self[name] for name in self.base_fields]

    @property
    def category_rows(self) -> list[tuple[Choice, BoundField, BoundField, BoundField]]:
        return [
            (one, self[f"skip_{one.code}"], self[f"limit_{one.code}"], self[f"queue_{one.code}"])
            for one in self.categories
        ]

    def values(self) -> dict[str, Any]:
        """The stage as its document says it, without its code."""
        data = self.cleaned_data
        codes = [one.code for one in self.categories]
        queues = {"": data["queue"]} | {code: data[f"queue_{code}"] for code in codes}
        return {name: data[name] for name in SAME} | {
            "limit_s": _seconds(data["limit"]),
            "skips": [code for code in codes if data[f"skip_{code}"]],
            "limits": {code: _seconds(data[f"limit_{code}"]) for code in codes if data[f"limit_{code}"]},
            "queues": {code: queue for code, queue in queues.items() if queue},
        }


class FlowForm(DressedForm):
    """What holds for all stages: categories, alarms, the end, and what each tier may do."""

    category_field = forms.ChoiceField(
        label=_("Field of categories"),
        required=False,
        help_text=_("Its choices may skip stages and have limits and queues of their own."),
    )
    end_status = forms.ChoiceField(label=_("Status at the end"), choices=STATUSES, required=False)
    alarms = forms.MultipleChoiceField(
        label=_("Marks that raise the alarm"),
        required=False,
        help_text=_("A yes makes the ticket urgent and hands every stage to the tier below at least."),
    )
    alarm_tier = forms.ChoiceField(
        label=_("Alarms go to"), choices=[("", _("Nobody else")), *Team.Tier.choices], required=False
    )

    def __init__(self, flow: Flow, fields: list[TicketField], *args: Any, **kwargs: Any) -> None:
        initial = {name: getattr(flow, name) for name in ("category_field", "end_status", "alarms", "alarm_tier")}
        super().__init__(*args, initial=initial, **kwargs)
        lists = [(one.code, one.label) for one in fields if one.kind == FieldKind.CHOICE]
        _offer(self.fields["category_field"], [("", _("None")), *lists])
        marks = [(one.code, one.label) for one in fields if one.kind == FieldKind.YES_NO]
        _offer(self.fields["alarms"], marks, boxes=True)
        for tier in Team.Tier:
            acts = flow.rights.get(tier, ())
            self.fields[f"rights_{tier}"] = forms.MultipleChoiceField(
                label=tier.label, required=False, initial=list(acts), choices=Act.choices
            )
            _offer(self.fields[f"rights_{tier}"], list(Act.choices), boxes=True)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        same = ("category_field", "end_status", "alarms", "alarm_tier")
        rights = {tier.value: data[f"rights_{tier}"] for tier in Team.Tier}
        return {name: data[name] for name in same} | {"rights": {tier: acts for tier, acts in rights.items() if acts}}


def _offer(field: forms.Field, choices: list[Any], *, boxes: bool = False) -> None:
    assert isinstance(field, forms.ChoiceField)
    if boxes:
        field.widget = forms.CheckboxSelectMultiple(attrs={"class": "sd-box"})
    field.choices = choices


def _initial(stage: Stage) -> dict[str, Any]:
    own = {"limit": _hours(stage.limit_s), "queue": stage.queues.get("", "")}
    return {name: getattr(stage, name) for name in SAME} | own


def _hours(seconds: int) -> float | None:
    return round(seconds / HOUR, 2) if seconds else None


def _seconds(hours: Any) -> int:
    return round(float(hours) * HOUR) if hours else 0
