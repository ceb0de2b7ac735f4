"""What the tests of selling share."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from crmcore.actions.quotes import Wish, draft_quote
from crmcore.models import Account, ApprovalPlan, ApprovalPlanVersion, Product, Quote
from crmcore.shipped_plans import install_plans
from tests.cast import Cast


@pytest.fixture
def washer(db: None) -> Product:
    return Product.objects.create(
        code="washer", name="Washer", name_zh="洗衣机", unit="台", price_minor=299_900, currency="CNY", tax_rate=1300
    )


@pytest.fixture
def quoted(cast: Cast, ellery: Account, washer: Product) -> Callable[..., Quote]:
    """Makes a draft of Mei's for Port Ellery; the shipped plans stand."""
    install_plans(ApprovalPlan, ApprovalPlanVersion)

    def make(quantity: str = "2", discount_rate: int = 0, **fields: Any) -> Quote:
        lines = [Wish(washer, Decimal(quantity), discount_rate)]
        return draft_quote(by=cast.mei, account=ellery, title="Laundry", lines=lines, **fields)

    return make
