"""Amounts and their minor units."""

from decimal import Decimal

import pytest

from crmcore import money


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.34", "USD", 1234), ("12", "CNY", 1200), ("12.345", "EUR", 1235), ("1200", "JPY", 1200), ("0", "GBP", 0)],
)
def test_amount_becomes_minor_units(amount: str, currency: str, minor: int) -> None:
    assert money.to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(("minor", "currency", "amount"), [(1234, "USD", "12.34"), (1200, "JPY", "1200")])
def test_minor_units_become_an_amount(minor: int, currency: str, amount: str) -> None:
    assert money.from_minor(minor, currency) == Decimal(amount)
