"""The arithmetic of quotes and orders, in minor units.

Rounding: a line's net amount is rounded once, half up, after its discount; its tax is rounded once, half up, from that
net amount. Sums are sums of rounded lines, so that what is printed adds up. Rates are in hundredths of a percent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

WHOLE = 10_000


@dataclass(frozen=True)
class LineSum:
    """One line: before and after its discount, and its tax."""

    before: int
    net: int
    tax: int
    tax_rate: int


@dataclass(frozen=True)
class Sums:
    """All lines together; `taxes` are pairs of rate and amount, the lowest rate first."""

    before: int
    net: int
    tax: int
    taxes: tuple[tuple[int, int], ...]

    @property
    def discount(self) -> int:
        return self.before - self.net

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.net + self.tax


def line_sum(quantity: Decimal, price: int, *, discount_rate: int, tax_rate: int) -> LineSum:
    """`price` is of one unit, without tax."""
    full = quantity * price
    net = _rounded(full * (WHOLE - discount_rate) / WHOLE)
    return LineSum(_rounded(full), net, _rounded(Decimal(net * tax_rate) / WHOLE), tax_rate)


def sums(lines: Iterable[LineSum]) -> Sums:
    """Nothing is rounded here."""
    rows = list(lines)
    rates = sorted({row.tax_rate for row in rows})
    taxes = tuple((rate, sum(row.tax for row in rows if row.tax_rate == rate)) for rate in rates)
    net, tax = sum(row.net for row in rows), sum(row.tax for row in rows)
    return Sums(sum(row.before for row in rows), net, tax, taxes)


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
