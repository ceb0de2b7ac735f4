"""The form of somebody who would like an offer."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crmcore.actions.contact_points import stored_value
from crmcore.models import ContactPoint, Product

FIELD = {"class": "sd-f__in"}


class InterestForm(forms.Form):
    """Who it is, what is wanted, and one way to answer. `website` is hidden: only robots fill it in."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={**FIELD, "autocomplete": "name"})
    )
    employer = forms.CharField(
        label=_("Company, if you ask for one"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={**FIELD, "autocomplete": "organization"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={**FIELD, "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=120,
        required=False,
        widget=forms.EmailInput(attrs={**FIELD, "autocomplete": "email"}),
        help_text=_("A number or an address is enough."),
    )
    product: "forms.ModelChoiceField[Product]" = forms.ModelChoiceField(
        Product.objects.filter(is_active=True),
        label=_("Which product?"),
        required=False,
        empty_label=_("I do not know yet"),
        widget=forms.Select(attrs=FIELD),
    )
    wanted = forms.CharField(
        label=_("What would you like?"),
        max_length=4000,
        widget=forms.Textarea(attrs={**FIELD, "rows": 5}),
        error_messages={"required": _("Tell us in a few words what you would like")},
    )
    agreed = forms.BooleanField(
        label=_("You may call or write to me about this wish and keep what I wrote for it."),
        widget=forms.CheckboxInput(attrs={"class": "sd-box"}),
        error_messages={"required": _("Without this we cannot answer you")},
    )
    website = forms.CharField(max_length=200, required=False)
    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        if phone:
            stored_value(ContactPoint.Kind.PHONE, phone, region=settings.DEFAULT_PHONE_REGION)
        return phone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors.keys() & {"phone", "email"} and not data.get("phone") and not data.get("email"):
            raise ValidationError({"phone": _("Leave us a number or an address, so that we can answer")})
        return data

    @property
    def is_by_robot(self) -> bool:
        return bool(self.cleaned_data["website"])
