"""The forms of an approval plan: its name and what it covers, and its steps as rows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.actions.approval_plans import BadPlan, refuse_faulty
from crmcore.amount_conditions import Limits
from crmcore.approval_plan import MOST_STEPS, Needs, Plan, PlanStep, Whom
from crmcore.approval_subjects import subject_called
from crmcore.forms.dressing import DressedForm, dressed
from crmcore.models import ApprovalPlan, Role, Team, User
from crmcore.queries.approvers import LEADER
from crmcore.queries.contracts import SUBJECT as CONTRACT
from crmcore.queries.quotes import SUBJECT as QUOTE
from tickets.condition_forms import ConditionsForm
from tickets.queries.approvals import SUBJECT

Pairs = list[tuple[str, str]]
WHOLE: dict[str, Any] = {"min_value": 0, "max_value": 999, "required": False}


def staff() -> list[tuple[str, str]]:
    rows = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name", "pk")
    return [(str(person.pk), person.name) for person in rows]


def whom() -> list[tuple[str, str]]:
    """Everybody whom a step may name, as in user:7, under what they are."""
    people = [(f"{Whom.USER}:{pk}", name) for pk, name in staff()]
    roles = [(f"{Whom.ROLE}:{role.pk}", f"{Whom.ROLE.label}: {role.label}") for role in Role.objects.order_by("pk")]
    teams = [(f"{Whom.TEAM}:{team.pk}", f"{Whom.TEAM.label}: {team.label}") for team in Team.objects.order_by("path")]
    tiers = [(f"{Whom.TIER}:{code}", f"{Whom.TIER.label}: {label}") for code, label in Team.Tier.choices]
    return [(f"{Whom.LEADER}:", str(Whom.LEADER.label)), *tiers, *roles, *teams, *people]


class StepForm(forms.Form):
    """One step; a row without a name that asks nobody is not there."""

    place = forms.IntegerField(label=pgettext_lazy("of a step", "Place"), **WHOLE)
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60, required=False)
    who = forms.MultipleChoiceField(label=_("Who is asked"), required=False)
    needs = forms.ChoiceField(label=_("How many must agree"), choices=Needs.choices)
    number = forms.IntegerField(label=_("The number"), **WHOLE)
    hours = forms.IntegerField(label=_("Due after hours"), **WHOLE)
    remind = forms.IntegerField(label=_("Reminder, hours before"), **WHOLE)
    escalate = forms.ChoiceField(label=_("Then instead"), required=False)

    def __init__(self, *args: Any, choices: Pairs, people: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = choices
        who, escalate = self.fields["who"], self.fields["escalate"]
        assert isinstance(who, forms.MultipleChoiceField)
        assert isinstance(escalate, forms.ChoiceField)
        who.choices = choices
        nobody = [("", _("Nobody else is asked")), (LEADER, _("The leader above them"))]
        escalate.choices = [*nobody, *people]
        for field in self.fields.values():
            field.widget.attrs |= {"class": "sd-input", "autocomplete": "off"}

    @property
    def picked(self) -> set[str]:
        return set(self["who"].value() or ())

    @property
    def picks(self) -> list[tuple[str, str, bool]]:
        """Everybody who can be asked, with whether they are."""
        return [(value, label, value in self.picked) for value, label in self.people]

    @property
    def is_there(self) -> bool:
        return bool(self.cleaned_data.get("name") or self.cleaned_data.get("who"))

    def step(self) -> PlanStep:
        data = self.cleaned_data
        return PlanStep(
            name=data["name"],
            name_zh=data["name_zh"],
            who=tuple((kind, value) for kind, _colon, value in (one.partition(":") for one in data["who"])),
            needs=data["needs"],
            number=data["number"] or 1,
            hours=data["hours"] or 0,
            remind=data["remind"] or 0,
            escalate=data["escalate"],
        )


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The whole plan, for tickets."""

    subject = SUBJECT
    first_facts: tuple[str, ...] = ("subject", "type", "customer")
    conditions_form: type[Any] = ConditionsForm

    facts = forms.MultipleChoiceField(
        label=_("What is approved"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "sd-box"}),
        help_text=_("When one of these changes, a request or an approval no longer counts."),
    )
    copies = forms.MultipleChoiceField(
        label=_("Copies go to"), required=False, help_text=_("They are told the outcome and may read the request.")
    )
    may_approve_own = forms.BooleanField(
        label=_("People may approve what they asked for"),
        required=False,
        help_text=_("Otherwise whoever asks is left out of every step."),
    )

    class Meta:
        model = ApprovalPlan
        fields = ("name", "name_zh")
        labels = {"name": _("Name"), "name_zh": _("Chinese name")}

    def __init__(self, data: Any = None, *, instance: ApprovalPlan) -> None:
        super().__init__(data, instance=instance)
        instance.subject = instance.subject or self.subject
        stored = instance.in_use.read() if instance.pk else Plan(facts=self.first_facts)
        people = staff()
        for name, choices in (("facts", subject_called(instance.subject).fact_choices()), ("copies", people)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
        self.initial = {
            **self.initial,
            "facts": list(stored.facts),
            "copies": [str(pk) for pk in stored.copies],
            "may_approve_own": stored.may_approve_own,
        }
        for name in ("name", "name_zh", "may_approve_own"):
            dressed(self.fields[name])
        self.conditions = self.conditions_form(data, initial=stored.conditions)
        self.steps = _rows(data, stored, {"choices": whom(), "people": people})
        self.fault = ""

    @property
    def copy_picks(self) -> list[tuple[str, str, bool]]:
        chosen = set(self["copies"].value() or ())
        return [(pk, name, pk in chosen) for pk, name in staff()]

    def is_valid(self) -> bool:
        """The whole: the fields, the conditions, the steps, and that the plan leads somewhere."""
        parts = [super().is_valid(), self.conditions.is_valid(), *[row.is_valid() for row in self.steps]]
        if not all(parts):
            return False
        try:
            refuse_faulty(self.plan())
        except BadPlan as fault:
            self.fault = str(fault)
        return not self.fault

    def plan(self) -> Plan:
        """What was filled in."""
        rows = [row for row in self.steps if row.is_there]
        rows.sort(key=lambda row: row.cleaned_data["place"] or 0)
        data = self.cleaned_data
        return Plan(
            steps=tuple(row.step() for row in rows),
            conditions=self.conditions.value,
            facts=tuple(data["facts"]),
            may_approve_own=data["may_approve_own"],
            copies=tuple(int(pk) for pk in data["copies"]),
        )


class AmountForm(DressedForm):
    """From which amount on a plan is meant."""

    amount = forms.IntegerField(
        label=_("From this total on"),
        min_value=0,
        max_value=10**9,
        required=False,
        help_text=_("In whole units of its currency."),
    )

    @property
    def value(self) -> dict[str, Any]:
        return Limits(self.cleaned_data["amount"] or 0, self.cleaned_data.get("discount") or 0).document()


class LimitsForm(AmountForm):
    """From which amount or discount on a plan is meant."""

    discount = forms.IntegerField(
        label=_("From this discount on, %"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("One of the two is enough; when both are empty the plan is for every quote."),
    )


class QuotePlanForm(PlanForm):
    """The whole plan, for quotes."""

    subject = QUOTE
    first_facts = ("customer", "total", "discount", "lines")
    conditions_form = LimitsForm


class ContractPlanForm(PlanForm):
    """The whole plan, for contracts."""

    subject = CONTRACT
    first_facts = ("customer", "amount", "starts_on", "ends_on", "files")
    conditions_form = AmountForm


def form_of(entry: ApprovalPlan) -> type[PlanForm]:
    """The form for what the plan is about."""
    return {QUOTE: QuotePlanForm, CONTRACT: ContractPlanForm}.get(entry.subject, PlanForm)


def _rows(data: Any, stored: Plan, known: dict[str, Any]) -> list[StepForm]:
    """A row for each step and an empty one to add to; as many as were posted."""
    if data:
        posted = sum(f"step-{place}-needs" in data for place in range(MOST_STEPS + 1))
        return [StepForm(data, prefix=f"step-{place}", **known) for place in range(posted)]
    rows = [_initial(step, place) for place, step in enumerate(stored.steps, 1)]
    rows = [*rows, {"place": len(rows) + 1, "needs": Needs.ONE}][: MOST_STEPS + 1]
    return [StepForm(prefix=f"step-{place}", initial=row, **known) for place, row in enumerate(rows)]


def _initial(step: PlanStep, place: int) -> dict[str, Any]:
    same = ("name", "name_zh", "needs", "number", "escalate")
    return {name: getattr(step, name) for name in same} | {
        "place": place,
        "who": [f"{kind}:{value}" for kind, value in step.who],
        "hours": step.hours or None,
        "remind": step.remind or None,
    }
