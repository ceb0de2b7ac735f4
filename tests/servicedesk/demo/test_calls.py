"""A call of the past, written as rows, is what the actions would have left."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Model

from servicedesk.demo.calls import PastCall, write_calls
from telephony.models import Call, CallLeg, Offer, PhoneLine, QueueEntry
from telephony.states import LegKind
from tests.telephony.desk import Desk

# What differs by nature: keys, names, moments of the carrier, and what only a live call needs or was foretold.
APART = {
    "id", "call", "offer", "public_id", "provider_call_id", "is_demo", "context", "pop", "from_raw", "to_raw",
    "line", "from_e164", "to_e164", "hung_up_by", "external_id", "ticket_nonce", "ticket_bearer", "epoch",
    "predicted_s",
}  # fmt: skip


@pytest.fixture
def desk(db: None, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]]) -> Desk:
    return Desk(django_capture_on_commit_callbacks)


def shape(row: Model) -> dict[str, Any]:
    """The row's facts, times of the second as seconds since its call began."""
    call = row if isinstance(row, Call) else row.call  # type: ignore[attr-defined]
    facts = {}
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if column.name not in APART:
            is_moment = column.get_internal_type() == "DateTimeField" and value is not None
            facts[column.name] = round((value - call.started_at).total_seconds()) if is_moment else value
    return facts


def rows(call: Call) -> dict[str, dict[str, Any]]:
    return {
        "call": shape(call),
        "entry": shape(QueueEntry.objects.get(call=call)),
        "offer": shape(Offer.objects.get(call=call)),
        "customer": shape(CallLeg.objects.get(call=call, kind=LegKind.CUSTOMER)),
        "agent": shape(CallLeg.objects.get(call=call, kind=LegKind.AGENT)),
    }


def test_a_written_call_has_the_facts_of_a_lived_one(desk: Desk) -> None:
    agent = desk.new_agent("Mei")
    lived = desk.call(provider="simulated")
    desk.accept(lived)
    desk.moment += timedelta(seconds=90)
    lived = desk.hangs_up(lived)
    past = PastCall(
        public_id=uuid4(),
        started_at=lived.started_at,
        direction=Call.Direction.IN,
        queue=desk.queue,
        line=PhoneLine.objects.create(number="+12025550100", name="Line", queue=desk.queue),
        agent=agent,
        account=None,
        contact=None,
        number="+12025550163",
        wait_s=0,
        talk_s=90,
        wrap_s=40,
    )
    desk.do(write_calls, [past])
    assert rows(Call.objects.get(public_id=past.public_id)) == rows(lived)
