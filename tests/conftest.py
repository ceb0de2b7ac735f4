"""What every test may use."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import hypothesis
import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker, Settings

from telephony.recordings_store import recordings_storage
from tests.database_template import template
from tests.live_desk import live_desk as live_desk

_tests = count()

# A busy machine is not a fault of the product.
hypothesis.settings.register_profile("desk", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("desk")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Test databases are copies of a migrated one."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template()


@pytest.fixture(autouse=True)
def _own_cache(settings: Settings) -> None:
    """No rate limit and no cached answer of one test reaches the next."""
    cache = settings.CACHES["default"]
    settings.CACHES = {
        "default": {**cache, "KEY_PREFIX": f"{os.getpid()}-{next(_tests)}"},
        "memory": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    }


@pytest.fixture(autouse=True)
def _own_language(settings: Settings) -> Iterator[None]:
    """No language and no zone that one test's request chose reaches the next: the middleware leaves both behind."""
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()
    yield
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


@pytest.fixture
def recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which recordings lie during this test."""
    monkeypatch.setattr(recordings_storage(), "within", FileSystemStorage(tmp_path))
    return tmp_path


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Path:
    """The folder in which mail and files lie during this test."""
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path
