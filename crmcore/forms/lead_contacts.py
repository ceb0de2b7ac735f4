"""The small forms on the page of a lead: a contact, an end, a conversion."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.actions.lead_conversion import Conversion
from crmcore.forms.dressing import DressedForm
from crmcore.forms.leads import end_of
from crmcore.models import Account, Contact, IntentionGrade, Lead, LeadMethod, LeadState, User
from crmcore.models.leads import REASONS_OF
from crmcore.money import CURRENCIES, from_minor, to_minor


class ContactedForm(DressedForm):
    """A contact with a prospect, and what comes next."""

    method = forms.ChoiceField(label=_("How"), choices=LeadMethod.choices, initial=LeadMethod.CALL)
    summary = forms.CharField(label=_("Summary"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    objections = forms.CharField(
        label=_("Objections and demands"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    grade: "forms.ModelChoiceField[IntentionGrade]" = forms.ModelChoiceField(
        label=_("Intention now"), queryset=IntentionGrade.objects.filter(is_active=True), empty_label=None
    )
    next_plan = forms.CharField(label=_("Plan for the next contact"), max_length=240, required=False)
    next_on = forms.DateField(
        label=_("Next contact on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty counts by the rule of the intention."),
    )
    was_demonstrated = forms.BooleanField(label=_("The product was shown or tried"), required=False)
    once = forms.CharField(max_length=40, widget=forms.HiddenInput, required=False)

    def fields_for_action(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        day = data.pop("next_on")
        return data | {"due_at": end_of(day) if day else None}


class EndForm(DressedForm):
    """Why a lead came to nothing."""

    reason = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note"), max_length=240, required=False)

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = [(one.value, one.label) for one in REASONS_OF[LeadState(state)]]


class ConversionForm(DressedForm):
    """Which customer and person the prospect is; an empty choice makes a new one."""

    account: "forms.ModelChoiceField[Account]" = forms.ModelChoiceField(
        queryset=Account.objects.none(), required=False, widget=forms.HiddenInput
    )
    contact: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        queryset=Contact.objects.none(), required=False, widget=forms.HiddenInput
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Account.Kind.choices)
    account_name = forms.CharField(label=_("Name of the new customer"), max_length=160, required=False)
    opportunity_name = forms.CharField(label=_("Opportunity"), max_length=160)
    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal(0), max_digits=15, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    close_on = forms.DateField(
        label=_("Expected close"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("account", Account), ("contact", Contact)):
            choice = self.fields[name]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset = model.objects.visible_to(user).filter(merged_into=None)

    def conversion(self) -> Conversion:
        """The choices as the action takes them."""
        data = dict(self.cleaned_data)
        amount = data.pop("amount")
        return Conversion(**data, amount_minor=to_minor(amount, data["currency"]))


def conversion_of(lead: Lead) -> dict[str, Any]:
    """First values: what the card says."""
    company = bool(lead.employer)
    return {
        "kind": Account.Kind.COMPANY if company else Account.Kind.PERSON,
        "account_name": lead.employer or lead.label,
        "opportunity_name": lead.product.label if lead.product else lead.label,
        "amount": from_minor(lead.budget_minor or 0, lead.currency),
        "currency": lead.currency,
    }
