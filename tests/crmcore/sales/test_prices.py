"""Which price counts."""

from datetime import date
from decimal import Decimal

import pytest

from crmcore.models import Account, Price, PriceList, Product
from crmcore.queries.prices import price_of
from tests.cast import Cast
from tests.crmcore.conftest import signed_in

DAY = date(2026, 11, 22)


def listed(product: Product, price: int, *, quantity: int = 1, **facts: object) -> PriceList:
    code = f"list-{PriceList.objects.count()}"
    made = PriceList.objects.create(code=code, name=code, **facts)
    Price.objects.create(price_list=made, product=product, price_minor=price, min_quantity=quantity)
    return made


def cost(product: Product, account: Account, quantity: int = 1, currency: str = "CNY") -> int | None:
    return price_of(product, account, Decimal(quantity), currency, DAY)


def test_without_a_list_the_products_own_price_counts(washer: Product, ellery: Account) -> None:
    assert cost(washer, ellery) == 299_900
    assert cost(washer, ellery, currency="USD") is None


def test_the_customers_list_counts_before_the_grades_before_the_general(washer: Product, ellery: Account) -> None:
    Account.objects.filter(pk=ellery.pk).update(grade="A")
    ellery.refresh_from_db()
    listed(washer, 280_000)
    assert cost(washer, ellery) == 280_000
    listed(washer, 285_000, grade="A")
    assert cost(washer, ellery) == 285_000
    listed(washer, 290_000, account=ellery)
    assert cost(washer, ellery) == 290_000


def test_the_greatest_quantity_that_is_reached_counts(washer: Product, ellery: Account) -> None:
    made = listed(washer, 290_000)
    Price.objects.create(price_list=made, product=washer, price_minor=250_000, min_quantity=10)
    assert cost(washer, ellery, 9) == 290_000
    assert cost(washer, ellery, 10) == 250_000


@pytest.mark.parametrize(
    ("facts", "price"),
    [
        ({"valid_from": DAY}, 1),
        ({"valid_until": DAY}, 1),
        ({"valid_from": date(2026, 11, 23)}, 299_900),
        ({"valid_until": date(2026, 11, 21)}, 299_900),
        ({"is_active": False}, 299_900),
        ({"currency": "USD"}, 299_900),
    ],
)
def test_a_list_counts_on_its_days_and_in_its_currency(
    washer: Product, ellery: Account, facts: dict[str, object], price: int
) -> None:
    listed(washer, 1, **facts)
    assert cost(washer, ellery) == price


def test_lists_are_written_on_the_settings_page(cast: Cast, washer: Product, ellery: Account) -> None:
    head = {"name": "Projects", "name_zh": "", "currency": "CNY", "grade": "", "valid_from": "", "valid_until": ""}
    rows = {"price-0-product": washer.pk, "price-0-min_quantity": "", "price-0-price": "2500.50", "price-1-product": ""}
    ada = signed_in(cast.ada)
    ada.post("/settings/price-lists/new/", {**head, **rows, "customer": ellery.code})
    assert cost(washer, ellery) == 250_050
    refused = ada.post("/settings/price-lists/new/", {**head, **rows, "customer": "nobody"})
    assert "No customer has this code." in refused.content.decode()
    assert signed_in(cast.mei).get("/settings/price-lists/").status_code == 403
