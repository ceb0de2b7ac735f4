"""The demo, loaded once for all tests that only look at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from crmcore import clock
from servicedesk.demo.load import load

# A Wednesday at half past two in London, half past ten at night in Hangzhou: what is loaded is the same each time.
MOMENT = datetime(2026, 11, 18, 14, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Loaded:
    """What the loader said, and when it was done."""

    counts: dict[str, int]
    now: datetime


@pytest.fixture(scope="package")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Loaded]:
    """Load inside a transaction that is rolled back after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.at(MOMENT):
            counts = load()
        yield Loaded(counts, MOMENT)
        transaction.set_rollback(True)
