"""What a product costs a customer on a day."""

from datetime import date
from decimal import Decimal

from django.db.models import Q

from crmcore.models import Account, Price, PriceList, Product


def price_of(product: Product, account: Account, quantity: Decimal, currency: str, day: date) -> int | None:
    """Minor units for one, without tax; None where nothing says it.

    The customer's own list counts before the list of their grade, that before the lists for everybody, those before
    the product's own price. On one level the greatest quantity that is reached counts, then the lowest price.
    """
    lists = PriceList.objects.filter(is_active=True, currency=currency)
    lists = lists.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gte=day))
    prices = Price.objects.filter(product=product, min_quantity__lte=quantity).order_by("-min_quantity", "price_minor")
    for level in _levels(account):
        found = prices.filter(price_list__in=lists.filter(level)).values_list("price_minor", flat=True).first()
        if found is not None:
            return found
    return product.price_minor if product.currency == currency else None


def _levels(account: Account) -> list[Q]:
    general = Q(account=None, grade="")
    return [Q(account=account), *([Q(account=None, grade=account.grade)] if account.grade else []), general]
