"""What customers can have of us, and where it stands: two lists of the settings."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from crmcore.models import Estate, Product, Region
from crmcore.money import CURRENCIES, from_minor, to_minor
from servicedesk.setup.catalogue import Catalogue

CITY_OR_ABOVE = r"^([0-9]{4}00|[A-Z].*)$"


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One product."""

    class Meta:
        model = Product
        fields = ("name", "name_zh", "model", "warranty_months", "unit", "currency")
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "model": _("Model"),
            "warranty_months": _("Months of warranty"),
            "unit": _("Unit"),
            "currency": _("Currency"),
        }
        help_texts = {
            "name": _("What colleagues and customers read."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "model": _("The maker's own name of it, as on the plate."),
            "warranty_months": _("Counted from the installation or purchase when a customer's product is added."),
            "unit": _("As it stands behind a quantity on a quote: pcs, 台, h."),
        }
        widgets = {"currency": forms.Select(choices=[(code, code) for code in CURRENCIES])}

    price = forms.DecimalField(
        label=_("List price without tax"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        required=False,
        help_text=_("What counts where no price list says otherwise; empty for what is not sold."),
    )
    tax = forms.DecimalField(label=_("Tax, %"), min_value=0, max_value=100, max_digits=5, decimal_places=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        product = self.instance
        if product.price_minor is not None:
            self.initial["price"] = from_minor(product.price_minor, product.currency)
        self.initial["tax"] = Decimal(product.tax_rate) / 100
        for field in self.fields.values():
            dressed(field)

    def clean(self) -> dict[str, Any]:
        """Price and tax as they are stored."""
        data = super().clean() or {}
        price = data.get("price")
        self.instance.price_minor = None if price is None else to_minor(price, data.get("currency") or "CNY")
        self.instance.tax_rate = int((data.get("tax") or 0) * 100)
        return data


class EstateForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One estate; it lies in a city, not in one of the thousands of districts, unless it does already."""

    class Meta:
        model = Estate
        fields = ("name", "name_zh", "region")
        labels = {"name": _("Name"), "name_zh": _("Chinese name"), "region": _("Region")}
        help_texts = {
            "name": _("What colleagues and customers read."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region: Any = self.fields["region"]
        present = self.instance.region_id
        region.queryset = Region.objects.filter(Q(code__regex=CITY_OR_ABOVE) | Q(pk=present)).order_by("code")
        for field in self.fields.values():
            dressed(field)


PRODUCTS = Catalogue("products", "setup:products", "products", ProductForm, new=_("New product"), back=_("Products"))
ESTATES = Catalogue(
    "estates", "setup:estates", "estates", EstateForm, new=_("New estate"), back=_("Estates and projects")
)
