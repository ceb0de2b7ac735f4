"""For which amounts and discounts an approval plan is meant. Plain data, written on the settings page."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crmcore.money import to_minor

PERCENT = 100


@dataclass(frozen=True)
class Limits:
    """From which amount (whole units of any currency) or discount (percent) on; one is enough, neither means all."""

    amount: int = 0
    discount: int = 0

    def document(self) -> dict[str, Any]:
        return {"amount": self.amount, "discount": self.discount} if self.amount or self.discount else {}


def read_limits(conditions: Mapping[str, Any]) -> Limits:
    return Limits(int(conditions.get("amount") or 0), int(conditions.get("discount") or 0))


def reached(limits: Limits, *, minor: int, currency: str, discount_rate: int = 0) -> bool:
    """Whether an amount in minor units, or a discount in hundredths of a percent, comes up to a limit."""
    if not limits.amount and not limits.discount:
        return True
    by_amount = bool(limits.amount) and minor >= to_minor(Decimal(limits.amount), currency)
    return by_amount or (bool(limits.discount) and discount_rate >= limits.discount * PERCENT)
