"""The forms of a campaign, with one sentence for each setting."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.forms.dressing import DressedForm, dressed
from crmcore.models import Account, Outcome, Queue, Region, User
from crmcore.permissions import within
from crmcore.queries.regions import used_regions
from crmcore.queries.segments import Segment
from telephony.campaign_rules import Action, AttemptResult
from telephony.models import Campaign, CampaignRule, PhoneLine

HOURS = {"type": "time", "step": "300"}


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a campaign is set to."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        coerce=int,
        choices=list(WEEKDAYS.items()),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "sd-box"}),
        help_text=_("On which days customers may be called."),
    )
    max_attempts = forms.IntegerField(
        label=_("Attempts at most"), min_value=1, max_value=20, help_text=_("No number is called more often than this.")
    )
    abandon_cap = forms.IntegerField(
        label=_("Abandon cap (per cent)"),
        min_value=0,
        max_value=100,
        help_text=_("When more of those who answered found nobody on the line, agents look first and call themselves."),
    )
    abandon_hours = forms.IntegerField(
        label=_("Counted over (hours)"), min_value=1, max_value=720, help_text=_("The time over which the cap is kept.")
    )

    class Meta:
        model = Campaign
        fields = (
            *("name", "name_zh", "queue", "line", "mode", "script", "script_zh"),
            *("days", "opens", "closes", "max_attempts", "abandon_cap", "abandon_hours"),
        )
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "queue": _("Queue"),
            "line": _("Number that customers see"),
            "mode": _("How customers are called"),
            "script": _("What to say"),
            "script_zh": _("What to say in Chinese"),
            "opens": pgettext_lazy("time of day", "From"),
            "closes": _("Until"),
        }
        help_texts = {
            "name": _("What agents read."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "queue": _("Under which the calls count; its members may join, and its outcomes are chosen from."),
            "mode": _("Callers in line always come before the campaign."),
            "script": _("Shown to the agent before and during the call."),
            "script_zh": _("Shown to agents who work in Chinese; empty means the same text."),
            "opens": _("On the clock of the place where the customer is."),
            "closes": _("From this time on nobody is called."),
        }
        widgets = {
            "script": forms.Textarea(attrs={"rows": 5}),
            "script_zh": forms.Textarea(attrs={"rows": 5}),
            "opens": forms.TimeInput(attrs=HOURS, format="%H:%M"),
            "closes": forms.TimeInput(attrs=HOURS, format="%H:%M"),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = within(user, "campaign", "edit", owner="memberships__user", team="team")
        queues = Queue.objects.filter(reach, is_active=True).distinct().order_by("position", "pk")
        self.fields["queue"] = forms.ModelChoiceField(
            queues,
            label=self.fields["queue"].label,
            help_text=self.fields["queue"].help_text,
            empty_label=_("Choose a queue"),
        )
        lines = PhoneLine.objects.filter(is_active=True).order_by("pk")
        self.fields["line"] = forms.ModelChoiceField(
            lines,
            label=self.fields["line"].label,
            help_text=_("The number must belong to this desk at the carrier."),
            required=False,
            empty_label=_("The queue's own number"),
        )
        for name, field in self.fields.items():
            if name != "days":
                dressed(field)
            field.widget.attrs.setdefault("autocomplete", "off")

    @property
    def sections(self) -> list[tuple[Any, Any, list[forms.BoundField]]]:
        """Heading, sentence and fields of each part of the page."""
        parts: list[tuple[Any, Any, list[str]]] = [
            (_("Campaign"), "", ["name", "name_zh", "queue", "line", "mode"]),
            (_("Script"), "", ["script", "script_zh"]),
            (
                _("Calling hours"),
                _("Checked again before every call, on the clock of whoever is called."),
                ["days", "opens", "closes"],
            ),
            (_("Limits"), "", ["max_attempts", "abandon_cap", "abandon_hours"]),
        ]
        return [(title, sentence, [self[name] for name in names]) for title, sentence, names in parts]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("Must be later than the beginning."))
        return cleaned


class RuleRow(DressedForm):
    """What follows one end of an attempt: a technical one, or an outcome."""

    action = forms.ChoiceField(label=_("Then"), choices=Action.choices)
    attempts = forms.IntegerField(label=_("At most so often"), min_value=1, max_value=20, initial=3)
    gap_minutes = forms.IntegerField(label=_("After (minutes)"), min_value=1, max_value=43_200, initial=60)

    def __init__(self, *args: Any, rule: CampaignRule, **kwargs: Any) -> None:
        initial = {"action": rule.action, "attempts": rule.attempts, "gap_minutes": rule.gap_minutes}
        super().__init__(*args, initial=initial, **kwargs)
        self.rule = rule
        for field in self.fields.values():
            field.widget.attrs |= {"class": "sd-input", "aria-label": f"{field.label}: {self.cause}"}

    @property
    def cause(self) -> str:
        return self.rule.outcome.label if self.rule.outcome else str(AttemptResult(self.rule.result).label)

    def filled(self) -> CampaignRule:
        """The rule as it was typed."""
        return CampaignRule(result=self.rule.result, outcome=self.rule.outcome, **self.cleaned_data)


def rule_rows(rules: list[CampaignRule], queue: Queue | None, data: Any = None) -> list[RuleRow]:
    """A row for each technical end that can be tried again, and for each outcome of the queue."""
    by_outcome = {rule.outcome_id: rule for rule in rules if rule.outcome_id}
    rows = [rule for rule in rules if rule.result]
    outcomes = Outcome.objects.filter(Q(queue=queue) | Q(queue=None), is_active=True, is_automatic=False)
    for outcome in outcomes.order_by("position", "pk"):
        usual = CampaignRule(outcome=outcome, action=Action.DONE)
        known = by_outcome.get(outcome.pk)
        if known is not None:
            known.outcome = outcome
        rows.append(known or usual)
    return [RuleRow(data, rule=rule, prefix=f"rule-{rule.result or rule.outcome_id}") for rule in rows]


class SegmentForm(DressedForm):
    """Whom to call, by what is known of their accounts."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *Account.Kind.choices], required=False)
    grades = forms.MultipleChoiceField(
        label=_("Grade"),
        choices=Account.Grade.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "sd-box"}),
    )
    region = forms.ModelChoiceField(Region.objects.all(), label=_("Region"), required=False, empty_label=_("All"))
    owner = forms.ModelChoiceField(
        User.objects.filter(kind=User.Kind.STAFF, is_active=True, accounts__isnull=False).distinct().order_by("name"),
        label=_("Owner"),
        required=False,
        empty_label=_("All"),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("All")), ("en", _("English")), ("zh-hans", _("Chinese"))], required=False
    )
    everybody = forms.BooleanField(
        label=_("All people of an account"), required=False, help_text=_("Otherwise the main contact alone is called.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grades"].widget.attrs["class"] = "sd-box"
        region = self.fields["region"]
        if isinstance(region, forms.ModelChoiceField):
            region.queryset = used_regions()

    def segment(self) -> Segment:
        """What was asked for. The form must be valid."""
        cleaned = self.cleaned_data
        return Segment(
            kind=cleaned["kind"],
            grades=tuple(cleaned["grades"]),
            region=cleaned["region"],
            owner=cleaned["owner"],
            language=cleaned["language"],
            everybody=cleaned["everybody"],
        )


class UploadForm(forms.Form):
    """A file with people to call."""

    file = forms.FileField(
        label=_("CSV or Excel file"),
        help_text=_("With headings in its first row; 5 MB and 20,000 rows at most."),
        widget=forms.FileInput(attrs={"class": "sd-f__in", "accept": ".csv,.txt,.xlsx"}),
    )


class ColumnsForm(DressedForm):
    """Which column holds what."""

    number = forms.TypedChoiceField(label=_("Phone number"), coerce=int)
    name = forms.TypedChoiceField(label=_("Name"), coerce=int, required=False, empty_value=None)
    words = forms.TypedChoiceField(
        label=_("Note"), coerce=int, required=False, empty_value=None, help_text=_("Shown to the agent.")
    )

    def __init__(self, *args: Any, header: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [(place, heading or _("Column %(n)d") % {"n": place + 1}) for place, heading in enumerate(header)]
        for name in ("number", "name", "words"):
            self.fields[name].choices = [("", "–"), *columns]  # type: ignore[attr-defined]

    def columns(self) -> dict[str, int]:
        """The chosen columns. The form must be valid."""
        return {name: place for name, place in self.cleaned_data.items() if place is not None and place != ""}
