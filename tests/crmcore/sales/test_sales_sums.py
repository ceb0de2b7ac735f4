"""The arithmetic of quotes, against hand-worked figures."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from crmcore.sales_sums import line_sum, sums


def test_discount_then_tax_each_rounded_once_half_up() -> None:
    line = line_sum(Decimal("3"), 3_335, discount_rate=1_000, tax_rate=1_300)
    assert (line.before, line.net, line.tax) == (10_005, 9_005, 1_171)


def test_half_a_unit_is_rounded_up() -> None:
    assert line_sum(Decimal("0.5"), 101, discount_rate=0, tax_rate=0).net == 51


def test_taxes_are_summed_by_their_rate() -> None:
    rows = [
        line_sum(Decimal(1), price, discount_rate=0, tax_rate=rate)
        for price, rate in ((100, 600), (200, 1_300), (300, 600))
    ]
    total = sums(rows)
    assert total.taxes == ((600, 24), (1_300, 26))
    assert total.total == 650


@given(
    st.lists(
        st.tuples(
            st.decimals("0.001", "9999", places=3),
            st.integers(0, 10**9),
            st.integers(0, 10_000),
            st.integers(0, 10_000),
        )
    )
)
def test_what_is_printed_adds_up(rows: list[tuple[Decimal, int, int, int]]) -> None:
    lines = [line_sum(quantity, price, discount_rate=off, tax_rate=tax) for quantity, price, off, tax in rows]
    total = sums(lines)
    assert total.total == sum(line.net + line.tax for line in lines)
    assert sum(tax for _rate, tax in total.taxes) == total.tax
    assert total.discount >= 0
