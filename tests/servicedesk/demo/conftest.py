"""The demo, loaded once for all tests that only look at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from crmcore import clock
from servicedesk.demo.load import load


@dataclass(frozen=True)
class Loaded:
    """What the loader said, and when it was done."""

    counts: dict[str, int]
    now: datetime


@pytest.fixture(scope="package")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Loaded]:
    """Load inside a transaction that is rolled back after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        counts = load()
        yield Loaded(counts, clock.now())
        transaction.set_rollback(True)
