"""The forms of a contract and of its payment plan."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.forms.customers import owners_for
from crmcore.forms.dressing import DressedForm
from crmcore.models import Account, Contract, Quote, User
from crmcore.money import CURRENCIES, from_minor, to_minor


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


class ContractForm(DressedForm):
    """What it is about, how much, and from when to when."""

    title = forms.CharField(label=_("Title"), max_length=160)
    quote: "forms.ModelChoiceField[Quote]" = forms.ModelChoiceField(
        label=_("Accepted quote"), queryset=Quote.objects.none(), required=False, empty_label=_("None")
    )
    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal(0), max_digits=15, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    starts_on = day_field(_("Starts on"))
    ends_on = day_field(_("Ends on"), _("Empty for one without an end."), required=False)
    remind_days = forms.IntegerField(
        label=_("Reminder, days before the end"),
        min_value=0,
        max_value=365,
        help_text=_("The owner is told; 0 for no reminder."),
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), empty_label=_("Nobody"), required=False
    )

    def __init__(self, data: Any = None, *, user: User, account: Account, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        quotes = Quote.objects.visible_to(user).filter(account=account, state=Quote.State.ACCEPTED)
        self._offer("quote", quotes.order_by("-pk"))
        self._offer("owner", owners_for(user, "contract", self.initial.get("owner")))

    def fields_for_action(self) -> dict[str, Any]:
        """The cleaned values as the actions take them."""
        data = dict(self.cleaned_data)
        data["amount_minor"] = to_minor(data.pop("amount"), data["currency"])
        return data

    def show_refusal(self, refused: Any) -> None:
        """Put the reasons of an action beside their fields."""
        if hasattr(refused, "error_dict"):
            for field, reasons in refused.message_dict.items():
                self.add_error(field, reasons)
        else:
            self.add_error(None, refused.messages)

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows


class DueForm(DressedForm):
    """One part of a payment plan."""

    title = forms.CharField(label=_("What for"), max_length=160)
    due_on = day_field(_("Due on"))
    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=15, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])


class PaymentForm(DressedForm):
    """Money that came; the key makes sending twice one booking."""

    key = forms.UUIDField(widget=forms.HiddenInput())
    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=15, decimal_places=2)
    paid_on = day_field(_("Paid on"))
    note = forms.CharField(label=_("Remark"), max_length=160, required=False)


def initial_of(contract: Contract) -> dict[str, Any]:
    """A contract as the form's first values."""
    names = ("title", "currency", "starts_on", "ends_on", "remind_days")
    links = {"quote": contract.quote_id, "owner": contract.owner_id}
    amount = from_minor(contract.amount_minor, contract.currency)
    return {name: getattr(contract, name) for name in names} | links | {"amount": amount}
