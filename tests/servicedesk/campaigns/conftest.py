"""A campaign of Mei's queue, led by Sun."""

from datetime import time

import pytest

from crmcore import clock
from telephony.models import Campaign
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return Campaign.objects.create(
        name="Renewals",
        queue=cast.support_queue,
        created_at=clock.now(),
        days=[0, 1, 2, 3, 4, 5, 6],
        opens=time(0),
        closes=time(23, 59),
        is_demo=True,
    )
