"""The forms of a policy: whom it covers and how it counts, its targets, its ladder."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import DressedForm
from crmcore.models import Calendar, Queue, User
from crmcore.working_time import WEEKDAYS, working_calendar
from tickets.durations import HOUR, DurationError, read_duration, write_duration
from tickets.models import Category, Priority, SlaPolicyVersion, SlaTarget, TicketType
from tickets.sla_ladder import Act, Step, When

# Statuses in which a ticket waits for somebody else; in others nobody may stop a clock.
WAITING = [(one.value, one.label) for one in (Category.WAITING_CUSTOMER, Category.ON_HOLD)]
FULL_DAY = 24 * HOUR
# A promise to one customer is due when it was promised for.
PROMISED = [("", "–"), *(one for one in SlaTarget.Metric.choices if one[0] != SlaTarget.Metric.PROMISE)]


class PolicyForm(DressedForm):
    """The policy's name and how it counts, one sentence for each."""

    name = forms.CharField(label=_("Name"), max_length=120)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120, required=False)
    calendar = forms.ModelChoiceField(
        Calendar.objects.order_by("name"),
        label=_("Hours"),
        empty_label=None,
        help_text=_("By these hours targets count where neither the customer's contract nor the queue has its own."),
    )
    follow_queue = forms.BooleanField(
        label=_("The queue's hours come first"),
        required=False,
        help_text=_("A queue with opening hours of its own counts by those."),
    )
    pauses = forms.MultipleChoiceField(
        label=_("Resolution stands still while"),
        choices=WAITING,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Time in these statuses does not count. Replies are never paused."),
    )
    stage_pauses = forms.MultipleChoiceField(
        label=_("Stages stand still while"),
        choices=WAITING,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The same for the time limits of stages."),
    )
    updates_pause = forms.BooleanField(
        label=_("Updates wait for the customer"),
        required=False,
        help_text=_("No update is due while the ticket waits for the customer."),
    )
    update_rhythm = forms.ChoiceField(
        label=_("Next update is due"),
        choices=SlaPolicyVersion.Rhythm.choices,
        help_text=_("In a rhythm a late or an early reply does not move the updates after it."),
    )
    acts_when_late = forms.BooleanField(
        label=_("Act on what is late at once"),
        required=False,
        help_text=_("When a change makes a clock overdue in hindsight, take the steps below all the same."),
    )


class RowForm(forms.Form):
    """A row of compact controls."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            look = "sd-box" if isinstance(field.widget, forms.CheckboxInput) else "sd-input"
            field.widget.attrs |= {"class": look, "autocomplete": "off", "aria-label": str(field.label)}


class TargetRow(RowForm):
    """One metric, for all types or one, with a length of time for each priority."""

    metric = forms.ChoiceField(label=_("Clock"), choices=PROMISED, required=False)
    type = forms.ModelChoiceField(
        TicketType.objects.all(), label=_("Type"), required=False, empty_label=_("Every type")
    )
    low = forms.CharField(label=Priority.LOW.label, max_length=30, required=False)
    normal = forms.CharField(label=Priority.NORMAL.label, max_length=30, required=False)
    high = forms.CharField(label=Priority.HIGH.label, max_length=30, required=False)
    urgent = forms.CharField(label=Priority.URGENT.label, max_length=30, required=False)
    calendar = forms.ModelChoiceField(
        Calendar.objects.order_by("name"), label=_("Hours"), required=False, empty_label=_("As above")
    )

    def targets(self, usual: Calendar | None) -> list[SlaTarget]:
        """The targets of the row; adds errors for what is no length of time. `usual` says how long a day is."""
        cleaned, found = self.cleaned_data, []
        day_s = day_of(cleaned.get("calendar") or usual)
        for priority in Priority.values:
            if not cleaned.get(priority):
                continue
            try:
                seconds = read_duration(cleaned[priority], day_s)
            except DurationError as problem:
                self.add_error(priority, str(problem))
                continue
            facts = {"metric": cleaned["metric"], "type": cleaned["type"], "calendar": cleaned["calendar"]}
            found.append(SlaTarget(priority=priority, seconds=seconds, **facts))
        return found


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]
    """A table of rows that can be removed."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].widget.attrs["class"] = "sd-box"


class TargetRows(Rows):
    """The table of targets: no metric twice for one type."""

    def clean(self) -> None:
        places = [(row.cleaned_data["metric"], row.cleaned_data.get("type")) for row in kept(self)]
        if len(places) != len(set(places)):
            raise forms.ValidationError(_("A clock stands here twice for the same type."))


class StepRow(RowForm):
    """One rung of the ladder."""

    when = forms.ChoiceField(label=_("When"), choices=[("", "–"), *When.choices], required=False)
    amount = forms.CharField(label=_("How much"), max_length=30, required=False, widget=forms.TextInput({"size": 7}))
    metric = forms.ChoiceField(
        label=_("Clock"), choices=[("", _("Every clock")), *SlaTarget.Metric.choices], required=False
    )
    act = forms.ChoiceField(label=_("What is done"), choices=Act.choices, required=False)
    person = forms.ModelChoiceField(
        User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name"),
        label=_("Person"),
        required=False,
        empty_label="–",
    )
    queue = forms.ModelChoiceField(
        Queue.objects.filter(is_active=True).order_by("name"), label=_("Queue"), required=False, empty_label="–"
    )
    at_any_hour = forms.BooleanField(label=_("At any hour"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        when, act = cleaned.get("when"), cleaned.get("act")
        if not when:
            return cleaned
        self._read_amount(str(when), cleaned.get("amount", ""))
        if not act:
            self.add_error("act", _("Choose what is done."))
        if act in (Act.NOTIFY_PERSON, Act.ASSIGN) and cleaned.get("person") is None:
            self.add_error("person", _("Choose the person."))
        if act == Act.MOVE and cleaned.get("queue") is None:
            self.add_error("queue", _("Choose the queue."))
        return cleaned

    def _read_amount(self, when: str, text: str) -> None:
        if when == When.DUE:
            self.cleaned_data["amount_read"] = 0
        elif when == When.PERCENT:
            digits = text.strip().rstrip("%").strip()
            if digits.isascii() and digits.isdecimal() and 0 < int(digits) < 100:
                self.cleaned_data["amount_read"] = int(digits)
            else:
                self.add_error("amount", _("A number from 1 to 99."))
        else:
            try:
                self.cleaned_data["amount_read"] = read_duration(text, FULL_DAY)
            except DurationError as problem:
                self.add_error("amount", str(problem))

    def step(self) -> Step:
        cleaned = self.cleaned_data
        act = Act(cleaned["act"])
        who = {Act.NOTIFY_PERSON: "person", Act.ASSIGN: "person", Act.MOVE: "queue"}.get(act)
        return Step(
            When(cleaned["when"]),
            act,
            cleaned["amount_read"],
            cleaned[who].pk if who else None,
            cleaned["metric"],
            cleaned["at_any_hour"],
        )


TargetFormSet = forms.formset_factory(TargetRow, formset=TargetRows, extra=2, can_delete=True)
StepFormSet = forms.formset_factory(StepRow, formset=Rows, extra=2, can_delete=True)


def kept(rows: Any) -> list[Any]:
    """The rows that say something and are not to be removed: the first control of each says whether it does."""
    filled = [row for row in rows.forms if getattr(row, "cleaned_data", {}).get(next(iter(row.fields)))]
    return [row for row in filled if not row.cleaned_data.get("DELETE")]


def target_rows(targets: Iterable[SlaTarget]) -> list[dict[str, Any]]:
    """Stored targets as rows; one for every priority fills those that have none of their own."""
    rows: dict[tuple[str, int | None, int | None], dict[str, Any]] = {}
    order = list(SlaTarget.Metric.values)
    places = sorted(targets, key=lambda one: (order.index(one.metric), one.type_id or 0, one.priority != ""))
    for one in places:
        start = {"metric": one.metric, "type": one.type_id, "calendar": one.calendar_id}
        row = rows.setdefault((one.metric, one.type_id, one.calendar_id), start)
        row |= dict.fromkeys([one.priority] if one.priority else Priority.values, write_duration(one.seconds))
    return list(rows.values())


def step_rows(stored: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for one in map(Step.read, stored):
        amount = str(one.amount) if one.when == When.PERCENT else write_duration(one.amount)
        row: dict[str, Any] = {"when": one.when, "amount": amount, "metric": one.metric, "act": one.act}
        row |= {"queue": one.who} if one.act == Act.MOVE else {"person": one.who}
        rows.append(row | {"at_any_hour": one.at_any_hour})
    return rows


def day_of(calendar: Calendar | None) -> int:
    """The seconds of a working day: the week's open hours, shared among the days that have any."""
    version = calendar.versions.order_by("-number").first() if calendar else None
    if version is None:
        return FULL_DAY
    hours = working_calendar(version.time_zone, version.weekly, [])
    days = [sum(closed - opened for opened, closed in hours.weekly_hours(place)) for place in range(len(WEEKDAYS))]
    opened = [minutes * 60 for minutes in days if minutes]
    return sum(opened) // len(opened) if opened else FULL_DAY
