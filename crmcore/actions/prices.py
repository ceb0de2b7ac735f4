"""Price lists: written as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from crmcore.actions.catalogue import save_entry
from crmcore.models import Price, PriceList, Product, User


@dataclass(frozen=True)
class PriceRow:
    """A product's price in minor units, from a quantity on."""

    product: Product
    min_quantity: Decimal
    price_minor: int


@transaction.atomic
def save_price_list(price_list: PriceList, rows: Sequence[PriceRow], *, by: User) -> None:
    """Store the list with these prices and no others; of two for one quantity the last counts.

    Quotes that are written keep the prices that they have. Raises PermissionDenied.
    """
    if price_list.pk:
        PriceList.objects.select_for_update().get(pk=price_list.pk)
    save_entry(price_list, by=by)
    last = {(row.product.pk, row.min_quantity): row for row in rows}
    price_list.prices.all().delete()
    Price.objects.bulk_create(
        Price(
            price_list=price_list,
            product=row.product,
            min_quantity=row.min_quantity,
            price_minor=row.price_minor,
        )
        for row in last.values()
    )
