"""Amounts between what people type and the minor units that are stored."""

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision

CURRENCIES = ("CNY", "USD", "EUR", "GBP", "HKD", "JPY")


def to_minor(amount: Decimal, currency: str) -> int:
    """12.34 USD as 1234 cents; a half unit is rounded up."""
    scaled = amount.scaleb(get_currency_precision(currency))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_minor(minor: int, currency: str) -> Decimal:
    """1234 cents as 12.34 USD."""
    return Decimal(minor).scaleb(-get_currency_precision(currency))
