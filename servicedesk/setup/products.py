"""What customers can have of us, and where it stands: two lists of the settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.forms.dressing import dressed
from crmcore.models import Estate, Product
from servicedesk.setup.catalogue import Catalogue


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One product."""

    class Meta:
        model = Product
        fields = ("name", "name_zh", "model", "warranty_months")
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "model": _("Model"),
            "warranty_months": _("Months of warranty"),
        }
        help_texts = {
            "name": _("What colleagues and customers read."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "model": _("The maker's own name of it, as on the plate."),
            "warranty_months": _("Counted from the installation or purchase when a customer's product is added."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dressed(field)


class EstateForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One estate."""

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
        for field in self.fields.values():
            dressed(field)


PRODUCTS = Catalogue("products", "setup:products", "products", ProductForm, new=_("New product"), back=_("Products"))
ESTATES = Catalogue(
    "estates", "setup:estates", "estates", EstateForm, new=_("New estate"), back=_("Estates and projects")
)
