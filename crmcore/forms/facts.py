"""Form fields for what a model says of a customer: its labels and rules, the controls of the house."""

from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from crmcore.models import CodeEntry


def facts_fields(model: type[models.Model], names: tuple[str, ...], initial: dict[str, Any]) -> dict[str, forms.Field]:
    """The fields by name; lists offer what is in use and what the customer has already."""
    found: dict[str, forms.Field] = fields_for_model(model, names, formfield_callback=_form_field)
    for name, field in found.items():
        rows: Any = getattr(field, "queryset", None)
        if isinstance(field, forms.ModelChoiceField) and rows.model is CodeEntry:
            present = initial.get(name)
            field.queryset = rows.filter(Q(is_active=True) | Q(pk=present if isinstance(present, int) else None))
        column: Any = model._meta.get_field(name)
        field.validators += [rule for rule in column.validators if rule not in field.validators]
        dressed(field)
        field.widget.attrs.setdefault("autocomplete", "off")
    return found


def _form_field(field: "models.Field[Any, Any]") -> forms.Field | None:
    made: Any
    match field:
        case models.DateTimeField():
            shape = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
            made = field.formfield(widget=shape)
        case models.DateField():
            made = field.formfield(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        case models.TextField():
            made = field.formfield(widget=forms.Textarea(attrs={"rows": 3}))
        case models.URLField():
            made = field.formfield(assume_scheme="https")
        case models.ForeignKey():
            made = field.formfield(empty_label=_("Not known"))
        case _:
            made = field.formfield()
    return made  # type: ignore[no-any-return]
