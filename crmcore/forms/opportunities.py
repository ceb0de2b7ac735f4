"""The form of an opportunity; amounts are typed in whole units and stored in minor ones."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.forms.customers import owners_for
from crmcore.forms.dressing import DressedForm
from crmcore.models import Account, Contact, Opportunity, Stage, User
from crmcore.money import CURRENCIES, from_minor, to_minor


class OpportunityForm(DressedForm):
    """Name, customer, money, date; the stage's probability stands unless another one is typed."""

    name = forms.CharField(label=_("Name"), max_length=160)
    contact: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        label=_("Contact"), queryset=Contact.objects.none(), empty_label=_("Nobody in particular"), required=False
    )
    stage = forms.ModelChoiceField(label=_("Stage"), queryset=Stage.objects.none(), empty_label=None)
    amount = forms.DecimalField(
        label=_("Amount"), min_value=Decimal(0), max_digits=15, decimal_places=2, initial=Decimal(0)
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    probability = forms.IntegerField(
        label=_("Probability, %"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("Empty takes the stage's probability."),
    )
    close_on = forms.DateField(
        label=_("Expected close"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), empty_label=_("Nobody"), required=False
    )
    source = forms.CharField(label=_("Source"), max_length=40, required=False)

    def __init__(self, *args: Any, user: User, account: Account | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contacts = Contact.objects.visible_to(user).filter(is_active=True)
        self._offer("contact", contacts.filter(memberships__account=account).order_by("name"))
        self._offer("owner", owners_for(user, "opportunity", self.initial.get("owner")))
        self._offer("stage", Stage.objects.filter(kind=Stage.Kind.OPEN))

    def fields_for_action(self) -> dict[str, Any]:
        """The cleaned values as the actions take them."""
        data = dict(self.cleaned_data)
        data["amount_minor"] = to_minor(data.pop("amount"), data["currency"])
        return data

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields.get(name)
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows


class ChangeForm(OpportunityForm):
    """Changing an opportunity: the stage changes by moving it."""

    stage = None  # type: ignore[assignment]
    probability = forms.IntegerField(label=_("Probability, %"), min_value=0, max_value=100)


def initial_of(opportunity: Opportunity) -> dict[str, Any]:
    """An opportunity's fields as the form's first values."""
    fields = ("name", "currency", "probability", "close_on", "source")
    return {
        **{field: getattr(opportunity, field) for field in fields},
        "contact": opportunity.contact_id,
        "owner": opportunity.owner_id,
        "amount": from_minor(opportunity.amount_minor, opportunity.currency),
    }
