"""The form of the reception's register: only the arrival is needed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.forms.dressing import DressedForm
from crmcore.models import CodeEntry, CodeList, Product, Reception, User

_MOMENT = "%Y-%m-%dT%H:%M"


def _moment(label: Any, *, required: bool) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
    return forms.DateTimeField(label=label, required=required, widget=widget, input_formats=[_MOMENT])


class ReceptionForm(DressedForm):
    """One visitor or caller."""

    kind = forms.ChoiceField(label=_("Came by"), choices=Reception.Kind.choices)
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=120,
        required=False,
        help_text=_("Empty when they left none."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=120, required=False)
    companions = forms.CharField(label=_("Companions"), max_length=160, required=False)
    arrived_at = _moment(_("Arrived"), required=True)
    left_at = _moment(pgettext_lazy("a visitor", "Left"), required=False)
    product: "forms.ModelChoiceField[Product]" = forms.ModelChoiceField(
        label=_("Product of interest"),
        queryset=Product.objects.filter(is_active=True),
        required=False,
        empty_label=_("Not known"),
    )
    source: "forms.ModelChoiceField[CodeEntry]" = forms.ModelChoiceField(
        label=_("Source"),
        queryset=CodeEntry.objects.filter(list=CodeList.SOURCE, is_active=True),
        required=False,
        empty_label=_("Not known"),
        help_text=_("Ask where they heard of us: marketing counts on it."),
    )
    summary = forms.CharField(
        label=_("Summary"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    consultant: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        label=_("Consultant"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )
    was_demonstrated = forms.BooleanField(label=_("The product was shown or tried"), required=False)
    once = forms.CharField(max_length=40, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consultant = self.fields["consultant"]
        assert isinstance(consultant, forms.ModelChoiceField)
        consultant.queryset = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name")


def initial_of(entry: Reception) -> dict[str, Any]:
    """An entry's fields as the form's first values."""
    links = {name: getattr(entry, f"{name}_id") for name in ("product", "source", "consultant")}
    plain = ("kind", "name", "phone", "companions", "arrived_at", "left_at", "summary", "was_demonstrated")
    return links | {name: getattr(entry, name) for name in plain}
