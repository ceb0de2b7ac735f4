"""The desk of the telephony tests and its carriers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from telephony.providers import registry
from tests.telephony.carriers import QuietCarrier, TapingCarrier
from tests.telephony.desk import Desk

NAMES = {
    "quiet": "QuietCarrier",
    "reporting": "ReportingCarrier",
    "foreign": "ForeignExchange",
    "asking": "AskingCarrier",
    "taping": "TapingCarrier",
    "reaching": "ReachingCarrier",
    "dialling": "DiallingCarrier",
}


@pytest.fixture
def carriers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The carriers of the tests, beside the real ones."""
    for code, name in NAMES.items():
        monkeypatch.setitem(registry.PROVIDERS, code, f"tests.telephony.carriers.{name}")
    monkeypatch.setattr(QuietCarrier, "sent", [])
    monkeypatch.setattr(TapingCarrier, "tapes", [])
    yield
    registry.provider_of.cache_clear()


@pytest.fixture
def desk(
    db: None, carriers: None, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]]
) -> Desk:
    return Desk(django_capture_on_commit_callbacks)
