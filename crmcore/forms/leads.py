"""The form of a lead, as the card has it; amounts are typed in whole units and stored in minor ones."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.forms.customers import owners_for
from crmcore.forms.dressing import DressedForm
from crmcore.models import CodeEntry, CodeList, IntentionGrade, Lead, Product, User
from crmcore.models.leads import Payment, Sex
from crmcore.money import CURRENCIES, from_minor, to_minor


def _text(label: Any, length: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=False, **kwargs)


def _words(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}), **kwargs
    )


class LeadForm(DressedForm):
    """Only the source is needed, and one thing by which the prospect can be told from others."""

    name = _text(pgettext_lazy("of a person", "Name"), 120)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", _("Not known")), *Sex.choices], required=False)
    age = forms.IntegerField(label=pgettext_lazy("of a person", "Age"), min_value=1, max_value=120, required=False)
    employer = _text(_("Employer or company"), 160)
    occupation = _text(_("Occupation"), 120)
    address = _text(_("Address"), 240)
    phone = _text(_("Phone"), 120)
    email = forms.EmailField(label=_("E-mail"), max_length=120, required=False)
    other_contact = _text(_("Other ways to reach them"), 160)
    wanted = _words(_("What is wanted"))
    product: "forms.ModelChoiceField[Product]" = forms.ModelChoiceField(
        label=_("Product of interest"),
        queryset=Product.objects.filter(is_active=True),
        required=False,
        empty_label=_("Not known"),
    )
    details = _text(_("Colour, equipment, size"), 240)
    compared = _text(_("Compared products"), 240)
    present_use = _text(_("What they use today"), 240)
    purpose = _text(_("Purpose"), 160)
    payment = forms.ChoiceField(
        label=_("Way of paying"), choices=[("", _("Not known")), *Payment.choices], required=False
    )
    budget = forms.DecimalField(
        label=_("Budget"), min_value=Decimal(0), max_digits=15, decimal_places=2, required=False
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    source: "forms.ModelChoiceField[CodeEntry]" = forms.ModelChoiceField(
        label=_("Source"),
        queryset=CodeEntry.objects.filter(list=CodeList.SOURCE, is_active=True),
        empty_label=_("Choose"),
        error_messages={"required": _("Say where they heard of us.")},
    )
    grade: "forms.ModelChoiceField[IntentionGrade]" = forms.ModelChoiceField(
        label=_("Intention"), queryset=IntentionGrade.objects.filter(is_active=True), empty_label=None
    )
    owner: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), empty_label=_("Nobody"), required=False
    )
    next_on = forms.DateField(
        label=_("Next contact on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty counts by the rule of the intention."),
    )
    next_plan = _text(_("Plan for the next contact"), 240)
    favourable = _words(_("Speaks for a sale"))
    unfavourable = _words(_("Speaks against it"))
    help_needed = _words(_("Help needed"))
    first_summary = _words(_("What was said at first"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = owners_for(user, "lead", self.initial.get("owner"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not any(data.get(one) for one in ("name", "employer", "phone", "email", "wanted")):
            self.add_error("name", _("Write at least a name, a number, an address or what is wanted."))
        return data

    def fields_for_action(self) -> dict[str, Any]:
        """What the actions take; a day that was not touched is no choice of a day."""
        data = {**self.cleaned_data, "age": self.cleaned_data["age"]}
        budget, next_on = data.pop("budget"), data.pop("next_on")
        data["budget_minor"] = None if budget is None else to_minor(budget, data["currency"])
        if next_on is not None and next_on != self.initial.get("next_on"):
            data["due_at"] = end_of(next_on)
        return data


def end_of(day: Any) -> datetime:
    """The last moment of a day of the reader."""
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


def initial_of(lead: Lead) -> dict[str, Any]:
    """A lead's fields as the form's first values."""
    names = [name for name in LeadForm.base_fields if hasattr(lead, name)]
    links = {f"{name}": getattr(lead, f"{name}_id") for name in ("product", "source", "grade", "owner")}
    budget = None if lead.budget_minor is None else from_minor(lead.budget_minor, lead.currency)
    shown = {name: getattr(lead, name) for name in names}
    return shown | links | {"budget": budget, "next_on": timezone.localtime(lead.due_at).date()}
