"""Price lists: for whom and when they count, and what each product costs on them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crmcore.actions.prices import PriceRow, save_price_list
from crmcore.forms.dressing import DressedForm, dressed
from crmcore.models import Account, PriceList, Product, User
from crmcore.money import CURRENCIES, from_minor, to_minor
from servicedesk.setup.catalogue import Catalogue

MOST_ROWS = 300
SPARE = 3


class PriceForm(DressedForm):
    """One price; a row without a product is not there."""

    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.none(), required=False, empty_label=_("No product")
    )
    min_quantity = forms.DecimalField(
        label=_("From this quantity on"), min_value=Decimal("0.001"), max_digits=9, decimal_places=3, required=False
    )
    price = forms.DecimalField(
        label=_("Price without tax"), min_value=0, max_digits=12, decimal_places=2, required=False
    )

    def __init__(self, *args: Any, products: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["product"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = products

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("product") and data.get("price") is None and "price" not in self.errors:
            self.add_error("price", _("Type the price."))
        return data


class PriceListForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The head of a list and its prices as rows."""

    class Meta:
        model = PriceList
        fields = ("name", "name_zh", "currency", "grade", "valid_from", "valid_until")
        labels = {"name": _("Name"), "name_zh": _("Chinese name"), "currency": _("Currency"), "grade": _("Grade")}
        help_texts = {"grade": _("Counts for customers of this grade alone; empty for everybody.")}
        widgets = {
            "currency": forms.Select(choices=[(code, code) for code in CURRENCIES]),
            "valid_from": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "valid_until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    customer = forms.CharField(
        label=_("Customer's code"),
        max_length=30,
        required=False,
        help_text=_("Counts for this customer alone, before every other list."),
    )

    def __init__(self, data: Any = None, *, instance: PriceList) -> None:
        super().__init__(data, instance=instance)
        if instance.account is not None:
            self.initial["customer"] = instance.account.code
        for field in self.fields.values():
            dressed(field)
        self.rows = _rows(data, instance)

    def is_valid(self) -> bool:
        """The head and every row."""
        parts = [super().is_valid(), *[row.is_valid() for row in self.rows]]
        return all(parts)

    def clean_customer(self) -> str:
        code: str = self.cleaned_data["customer"].strip()
        self.instance.account = Account.objects.filter(code=code).first() if code else None
        if code and self.instance.account is None:
            raise forms.ValidationError(_("No customer has this code."))
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("customer") and data.get("grade"):
            self.add_error("grade", _("Either a customer or a grade."))
        if data.get("valid_from") and data.get("valid_until") and data["valid_until"] < data["valid_from"]:
            self.add_error("valid_until", _("It ends before it begins."))
        return data

    def prices(self) -> list[PriceRow]:
        """The rows that are filled in."""
        currency = self.cleaned_data["currency"]
        rows = [row.cleaned_data for row in self.rows if row.cleaned_data.get("product")]
        return [
            PriceRow(row["product"], row["min_quantity"] or Decimal(1), to_minor(row["price"], currency))
            for row in rows
        ]


class PriceLists(Catalogue):
    """The lists, each with its rows of prices."""

    form_template = "servicedesk/setup/price_list.html"

    @transaction.atomic
    def save(self, form: PriceListForm, by: User) -> None:
        save_price_list(form.instance, form.prices(), by=by)


def _rows(data: Any, stored: PriceList) -> list[PriceForm]:
    products = Product.objects.filter(is_active=True).order_by("position", "pk")
    if data:
        posted = sum(f"price-{place}-product" in data for place in range(MOST_ROWS))
        return [PriceForm(data, prefix=f"price-{place}", products=products) for place in range(posted)]
    known = stored.prices.all() if stored.pk else ()
    rows: list[dict[str, Any]] = [
        {
            "product": price.product_id,
            "min_quantity": price.min_quantity.normalize(),
            "price": from_minor(price.price_minor, stored.currency),
        }
        for price in known
    ]
    rows = [*rows, *({} for _row in range(SPARE))][:MOST_ROWS]
    return [PriceForm(prefix=f"price-{place}", initial=row, products=products) for place, row in enumerate(rows)]


PRICE_LISTS = PriceLists(
    "price_lists",
    "setup:price_lists",
    "price-lists",
    PriceListForm,
    new=_("New price list"),
    back=_("Price lists"),
)
