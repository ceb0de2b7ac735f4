"""Forms over a desk's own fields: one control for each, named `field_<code>`, which gives the value as it is stored."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import Account, User
from crmcore.money import from_minor, to_minor
from tickets.actions.fields import BadFields
from tickets.field_values import DIGITS, GREATEST, LONGEST, FieldKind
from tickets.models import TicketField

PREFIX = "field_"
CONTROL = {"class": "sd-f__in", "autocomplete": "off"}


class FieldsForm(forms.Form):
    """The fields of one type; `values` is what stands in them now, `user` who fills them in."""

    def __init__(
        self,
        fields: Iterable[TicketField],
        *args: Any,
        user: User,
        values: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(fields)
        for field in self.asked:
            present = (values or {}).get(field.code)
            self.fields[PREFIX + field.code] = _control(field, present, user)

    def values(self) -> dict[str, object]:
        """What was filled in, by the code of the field; None where nothing was."""
        return {field.code: self._stored(field) for field in self.asked}

    def show_problems(self, refused: BadFields) -> None:
        """Say beside each field why its value was refused."""
        for code, problem in refused.problems.items():
            self.add_error(PREFIX + code if PREFIX + code in self.fields else None, problem.message)

    def _stored(self, field: TicketField) -> object:
        value = self.cleaned_data.get(PREFIX + field.code)
        if value in (None, "", []):
            return None
        if isinstance(value, Account | User):
            return value.pk
        if isinstance(value, datetime):
            return value.isoformat()
        if field.kind == FieldKind.MONEY:
            return to_minor(value, field.currency)
        if field.kind == FieldKind.DECIMAL:
            return float(value)
        if field.kind == FieldKind.YES_NO:
            return bool(value == "yes")
        return value.isoformat() if field.kind == FieldKind.DATE else value


class CustomerCode(forms.CharField):
    """A customer by the code that stands on their page."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        if not code:
            return None
        found = Account.objects.visible_to(self.user).filter(code__iexact=code).first()
        if found is None:
            raise forms.ValidationError(_("There is no customer with this code"))
        return found


def _control(field: TicketField, present: Any, user: User) -> forms.Field:
    shared: dict[str, Any] = {
        "label": field.label,
        "help_text": field.help_label,
        "required": field.is_required == "opening",
    }
    kind = FieldKind(field.kind)
    if kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        return _choice_control(field, present, shared)
    if kind == FieldKind.CUSTOMER:
        code = Account.objects.filter(pk=present).values_list("code", flat=True).first() if present else ""
        widget = forms.TextInput(attrs=CONTROL | {"placeholder": _("Code, as in C-1042")})
        return CustomerCode(user=user, initial=code, widget=widget, **shared)
    if kind == FieldKind.COLLEAGUE:
        return _colleague_control(present, shared)
    return _plain_control(field, present, shared)


def _plain_control(field: TicketField, present: Any, shared: dict[str, Any]) -> forms.Field:
    kind = FieldKind(field.kind)
    if kind == FieldKind.MONEY:
        shared["initial"] = None if present is None else from_minor(present, field.currency)
        label = f"{field.label} ({field.currency})"
        return forms.DecimalField(widget=_number("any"), max_digits=DIGITS, **(shared | {"label": label}))
    if kind == FieldKind.WHOLE:
        shared |= {"min_value": -GREATEST, "max_value": GREATEST}
        return forms.IntegerField(initial=present, widget=_number("1"), **shared)
    if kind == FieldKind.DECIMAL:
        return forms.DecimalField(
            initial=None if present is None else Decimal(str(present)),
            widget=_number("any"),
            max_digits=DIGITS,
            **shared,
        )
    if kind == FieldKind.DATE:
        widget = forms.DateInput(attrs=CONTROL | {"type": "date"}, format="%Y-%m-%d")
        day = date.fromisoformat(present) if present else None
        return forms.DateField(initial=day, widget=widget, input_formats=["%Y-%m-%d"], **shared)
    if kind == FieldKind.MOMENT:
        local = timezone.localtime(datetime.fromisoformat(present)) if present else None
        picker = forms.DateTimeInput(attrs=CONTROL | {"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        return forms.DateTimeField(initial=local, widget=picker, input_formats=["%Y-%m-%dT%H:%M"], **shared)
    if kind == FieldKind.YES_NO:
        said = "" if present is None else "yes" if present else "no"
        answers = [("", "–"), ("yes", pgettext_lazy("answer", "Yes")), ("no", pgettext_lazy("answer", "No"))]
        return forms.ChoiceField(initial=said, choices=answers, widget=forms.Select(attrs=CONTROL), **shared)
    wide = kind == FieldKind.LONG_TEXT
    text = forms.Textarea(attrs=CONTROL | {"rows": 3}) if wide else forms.TextInput(attrs=CONTROL)
    return forms.CharField(initial=present, max_length=LONGEST[kind], widget=text, **shared)


def _choice_control(field: TicketField, present: Any, shared: dict[str, Any]) -> forms.Field:
    held = present if isinstance(present, list) else [present]
    offered = [(one.code, one.label) for one in field.all_choices if one.is_offered or one.code in held]
    if field.kind == FieldKind.CHOICES:
        boxes = forms.CheckboxSelectMultiple(attrs={"class": "sd-box"})
        return forms.MultipleChoiceField(initial=present, choices=offered, widget=boxes, **shared)
    choices = [("", "–"), *offered]
    return forms.ChoiceField(initial=present, choices=choices, widget=forms.Select(attrs=CONTROL), **shared)


def _colleague_control(present: Any, shared: dict[str, Any]) -> forms.Field:
    staff = User.objects.filter(kind=User.Kind.STAFF).order_by("name")
    offered = staff.filter(is_active=True) | staff.filter(pk=present or 0)
    return forms.ModelChoiceField(
        offered, initial=present, empty_label="–", widget=forms.Select(attrs=CONTROL), **shared
    )


def _number(step: str) -> forms.NumberInput:
    return forms.NumberInput(attrs=CONTROL | {"step": step})
