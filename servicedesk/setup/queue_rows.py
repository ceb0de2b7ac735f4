"""The lists below a queue's form: members, skills, overflow rules; one row each, empty rows to add more."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import Queue, QueueMembership, QueueSkill, Skill, User
from telephony.dial_rules import DialRefused
from telephony.models import CallFlow, OverflowRule
from telephony.queries.dialling import number_to_call
from telephony.states import OverflowTarget

EMPTY_ROWS = 2
# A browser sends the first choice of a list that nobody touched: an empty row must stay empty.
NOT_CHOSEN = ("", "–")


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row whose controls are compact."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"class": "sd-input", "autocomplete": "off", "aria-label": str(field.label)}


class MemberForm(RowForm):
    user = forms.ModelChoiceField(
        User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name"), label=_("Agent")
    )
    penalty = forms.IntegerField(label=_("Penalty"), min_value=0, max_value=99, initial=0)
    position = forms.IntegerField(label=_("Place in the order"), min_value=0, max_value=999, initial=0)

    class Meta:
        model = QueueMembership
        fields = ("user", "penalty", "position")


class SkillForm(RowForm):
    skill = forms.ModelChoiceField(Skill.objects.order_by("name"), label=_("Skill"))
    min_level = forms.IntegerField(label=_("Level"), min_value=1, max_value=9, initial=1)
    relax_every_s = forms.IntegerField(label=_("One level less every (seconds)"), min_value=1, required=False)
    lowest_level = forms.IntegerField(label=_("Down to level"), min_value=0, max_value=9, initial=0)

    class Meta:
        model = QueueSkill
        fields = ("skill", "min_level", "relax_every_s", "lowest_level")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("lowest_level", 0) > cleaned.get("min_level", 9):
            self.add_error("lowest_level", _("Must not be above the level that is asked for."))
        return cleaned


class RuleForm(RowForm):
    when = forms.ChoiceField(label=_("When"), choices=[NOT_CHOSEN, *OverflowRule.When.choices])
    limit = forms.IntegerField(label=_("Seconds or callers"), min_value=0, initial=0)
    target = forms.ChoiceField(label=_("Where to"), choices=[NOT_CHOSEN, *OverflowTarget.choices])
    to_queue = forms.ModelChoiceField(
        Queue.objects.filter(is_active=True), label=_("Queue"), required=False, empty_label="–"
    )
    to_flow = forms.ModelChoiceField(
        CallFlow.objects.filter(versions__published_at__isnull=False).distinct(),
        label=_("Call flow"),
        required=False,
        empty_label="–",
    )
    to_number = forms.CharField(label=pgettext_lazy("telephone", "Number"), max_length=40, required=False)
    message = forms.CharField(label=_("Message"), max_length=300, required=False)
    message_zh = forms.CharField(label=_("Message in Chinese"), max_length=300, required=False)

    class Meta:
        model = OverflowRule
        fields = ("when", "limit", "target", "to_queue", "to_flow", "to_number", "message", "message_zh")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("target") == OverflowTarget.QUEUE:
            self._check_queue(cleaned.get("to_queue"))
        elif cleaned.get("target") == OverflowTarget.FLOW:
            if cleaned.get("to_flow") is None:
                self.add_error("to_flow", _("Choose a published call flow."))
        elif cleaned.get("target") == OverflowTarget.NUMBER:
            self._check_number(str(cleaned.get("to_number", "")))
        elif cleaned.get("target") != OverflowTarget.CALLBACK and not _says_something(cleaned):
            self.add_error("message", _("Say why the call ends."))
        if cleaned.get("when") == OverflowRule.When.WAIT and not cleaned.get("limit"):
            self.add_error("limit", _("Say after how many seconds."))
        return cleaned

    def _check_number(self, typed: str) -> None:
        try:
            self.cleaned_data["to_number"] = number_to_call(typed)
        except DialRefused as refused:
            self.add_error("to_number", refused.refusal.label)

    def _check_queue(self, to_queue: Queue | None) -> None:
        if to_queue is None:
            self.add_error("to_queue", _("Choose the queue."))
        elif to_queue.pk == self.instance.queue_id:
            self.add_error("to_queue", _("Choose another queue than this one."))


def _says_something(cleaned: dict[str, Any]) -> bool:
    return bool(cleaned.get("message") or cleaned.get("message_zh"))


KINDS: tuple[tuple[str, type[Any], type[RowForm]], ...] = (
    ("members", QueueMembership, MemberForm),
    ("skills", QueueSkill, SkillForm),
    ("rules", OverflowRule, RuleForm),
)


def rows_of(queue: Queue, data: Any = None) -> dict[str, Any]:
    """The formsets of a queue by name, as stored or as posted."""
    sets = {}
    for name, model, form in KINDS:
        factory = forms.inlineformset_factory(
            Queue, model, form=form, fk_name="queue", extra=EMPTY_ROWS, can_delete=True
        )
        sets[name] = factory(data, instance=queue, prefix=name, queryset=_ordered(queue, model))
    return sets


def kept(rows: Any) -> Sequence[Any]:
    """The filled rows that are not to be removed, as new objects in their order."""
    filled = [form.instance for form in rows.initial_forms + [f for f in rows.extra_forms if f.has_changed()]]
    removed = {id(form.instance) for form in rows.deleted_forms}
    objects = [instance for instance in filled if id(instance) not in removed]
    for place, instance in enumerate(objects):
        instance.pk = None
        if isinstance(instance, OverflowRule):
            instance.position = place
    return objects


def _ordered(queue: Queue, model: type[Any]) -> Any:
    order = {
        QueueMembership: ("position", "user__name"),
        QueueSkill: ("skill__name",),
        OverflowRule: ("position", "pk"),
    }
    return model.objects.filter(queue=queue.pk).order_by(*order[model])
