"""The form of a quote: its head, and lines as rows; the desk says the prices."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crmcore.actions.quotes import MOST_LINES, Wish
from crmcore.forms.customers import owners_for
from crmcore.forms.dressing import DressedForm
from crmcore.models import Account, Contact, Opportunity, Product, Quote, User
from crmcore.money import CURRENCIES

SPARE = 3
PERCENT = 100


class LineForm(DressedForm):
    """One line; a row without a product is not there."""

    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.none(), required=False, empty_label=_("No product")
    )
    quantity = forms.DecimalField(
        label=_("Quantity"), min_value=Decimal("0.001"), max_digits=9, decimal_places=3, required=False
    )
    discount = forms.DecimalField(
        label=_("Discount, %"), min_value=0, max_value=100, decimal_places=2, max_digits=5, required=False
    )
    note = forms.CharField(label=_("Remark"), max_length=160, required=False)

    def __init__(self, *args: Any, products: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["product"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = products
        for one in self.fields.values():
            one.widget.attrs["aria-label"] = str(one.label)

    def wish(self) -> Wish | None:
        data = self.cleaned_data
        if data.get("product") is None:
            return None
        rate = int((data.get("discount") or Decimal(0)) * PERCENT)
        return Wish(data["product"], data.get("quantity") or Decimal(1), rate, data.get("note", ""))


class QuoteForm(DressedForm):
    """Title, validity, terms, and whom it is for."""

    title = forms.CharField(label=_("Title"), max_length=160)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    valid_until = forms.DateField(
        label=_("Valid until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    contact: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        label=_("Contact"), queryset=Contact.objects.none(), empty_label=_("Nobody in particular"), required=False
    )
    opportunity: "forms.ModelChoiceField[Opportunity]" = forms.ModelChoiceField(
        label=_("Opportunity"), queryset=Opportunity.objects.none(), empty_label=_("None"), required=False
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), empty_label=_("Nobody"), required=False
    )
    terms = forms.CharField(
        label=_("Terms"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("Delivery, payment, warranty: as printed below the lines."),
    )

    def __init__(self, data: Any = None, *, user: User, account: Account, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        contacts = Contact.objects.visible_to(user).filter(is_active=True, memberships__account=account)
        self._offer("contact", contacts.order_by("name"))
        deals = Opportunity.objects.visible_to(user).filter(account=account)
        self._offer("opportunity", deals.order_by("-pk"))
        self._offer("owner", owners_for(user, "quote", self.initial.get("owner")))
        self.rows = _rows(data, initial.get("lines", []))
        self.fault = ""

    def is_valid(self) -> bool:
        """The head and every row."""
        parts = [super().is_valid(), *[row.is_valid() for row in self.rows]]
        return all(parts)

    def wishes(self) -> list[Wish]:
        """The rows that are filled in, in their order."""
        return [wish for row in self.rows if (wish := row.wish())]

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows


def initial_of(quote: Quote) -> dict[str, Any]:
    """A quote as the form's first values."""
    head = {name: getattr(quote, name) for name in ("title", "currency", "valid_until", "terms")}
    links = {"contact": quote.contact_id, "opportunity": quote.opportunity_id, "owner": quote.owner_id}
    lines = [
        {
            "product": line.product_id,
            "quantity": line.quantity.normalize(),
            "discount": Decimal(line.discount_rate) / PERCENT or None,
            "note": line.note,
        }
        for line in quote.lines.all()
    ]
    return head | links | {"lines": lines}


def _rows(data: Any, lines: list[dict[str, Any]]) -> list[LineForm]:
    products = Product.objects.filter(is_active=True).order_by("position", "pk")
    if data:
        posted = sum(f"line-{place}-product" in data for place in range(MOST_LINES + SPARE))
        return [LineForm(data, prefix=f"line-{place}", products=products) for place in range(posted)]
    rows: list[dict[str, Any]] = [*lines, *({} for _row in range(SPARE))][: MOST_LINES + SPARE]
    return [LineForm(prefix=f"line-{place}", initial=row, products=products) for place, row in enumerate(rows)]
