"""The form of a customer's product."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import DressedForm
from crmcore.models import Estate, InstalledProduct, Product


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


class InstalledProductForm(DressedForm):
    """What it is, where it stands, and how long the warranty holds."""

    product = forms.ModelChoiceField(label=_("Product"), queryset=Product.objects.filter(is_active=True))
    serial_number = forms.CharField(
        label=_("Serial number"), max_length=60, required=False, help_text=_("As on its plate; spaces do not matter.")
    )
    place = forms.CharField(
        label=_("Where it stands"), max_length=240, required=False, help_text=_("Empty means the customer's address.")
    )
    estate = forms.ModelChoiceField(
        label=_("Estate or project"),
        queryset=Estate.objects.filter(is_active=True),
        required=False,
        empty_label=_("None"),
    )
    bought_on = _day(_("Bought on"))
    installed_on = _day(_("Installed on"))
    warranty_until = _day(
        _("Warranty until"), _("Empty counts the months of the product from the installation or purchase.")
    )
    warranty_terms = forms.CharField(
        label=_("Warranty terms"), max_length=240, required=False, help_text=_("What it covers and what it does not.")
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def show_refusal(self, refused: ValidationError) -> None:
        """Put the reasons of an action beside their fields."""
        for field, reasons in refused.message_dict.items():
            self.add_error(field, reasons)


def initial_of(installed: InstalledProduct) -> dict[str, Any]:
    """A product's fields as the form's first values."""
    names = [name for name in InstalledProductForm.base_fields if name not in ("product", "estate")]
    links = {"product": installed.product_id, "estate": installed.estate_id}
    return {name: getattr(installed, name) for name in names} | links
