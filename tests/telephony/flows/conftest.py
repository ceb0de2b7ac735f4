"""A line whose callers go through a flow."""

from collections.abc import Callable
from typing import Any

import pytest

from crmcore import clock
from telephony.models import CallFlow, FlowVersion, PhoneLine
from tests.telephony.desk import Desk

NUMBER = "+862151008000"
Publish = Callable[[dict[str, Any]], PhoneLine]


@pytest.fixture
def publish(desk: Desk) -> Publish:
    """Put a flow in front of the desk's line."""

    def make(tree: dict[str, Any]) -> PhoneLine:
        now = clock.now()
        flow = CallFlow.objects.create(name="Main")
        FlowVersion.objects.create(flow=flow, number=1, tree=tree, changed_at=now, published_at=now)
        return PhoneLine.objects.create(number=NUMBER, name="Main", queue=desk.queue, flow=flow, language="en")

    return make
