"""Forms of field work: what was used on site, and the order that the office writes."""

from decimal import Decimal
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.forms.dressing import DressedForm
from crmcore.money import CURRENCIES
from tickets.models import DispatchCost, VisitKind


class CostForm(forms.Form):
    """One part or piece of work."""

    kind = forms.ChoiceField(choices=DispatchCost.Kind.choices)
    name = forms.CharField(max_length=120)
    quantity = forms.IntegerField(min_value=1, max_value=999)
    price = forms.DecimalField(min_value=Decimal(0), max_value=Decimal(10_000_000), decimal_places=2)


class OrderForm(DressedForm):
    """What is to be done, where, and whom to ask for."""

    kind = forms.ChoiceField(label=_("Kind"), choices=VisitKind.choices)
    task = forms.CharField(label=_("What to do"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)
    place = forms.CharField(label=_("Where to go"), max_length=240)
    person = forms.CharField(label=_("Whom to ask for"), max_length=120, required=False)
    phone = forms.CharField(label=pgettext_lazy("number", "Phone"), max_length=40, required=False)
    currency = forms.ChoiceField(label=_("Currency of the costs"), choices=[(code, code) for code in CURRENCIES])


class WindowForm(DressedForm):
    """An appointment typed by hand, in the writer's zone."""

    starts_at = forms.DateTimeField(
        label=pgettext_lazy("moment", "From"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=15, max_value=1440)


def uuid_in(text: str) -> UUID | None:
    """The key that a form carries, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
