"""Telling screens: once per transaction, never of what was rolled back, and again when the push failed."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import transaction
from redis import ConnectionError as RedisGone

from crmcore import live
from crmcore.events import BoardChanged
from crmcore.models import LiveEvent

pytestmark = pytest.mark.django_db
Commits = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def pushed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The topics of every push."""
    pushes: list[list[str]] = []
    monkeypatch.setattr(live, "push", lambda rows: pushes.append([row.topic for row in rows]))
    return pushes


def test_the_same_told_twice_is_told_once(pushed: list[list[str]], django_capture_on_commit_callbacks: Commits) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        for _ in range(3):
            live.publish("board", BoardChanged())
        live.publish("queue:1", BoardChanged())
    assert pushed == [["board", "queue:1"]]


def test_told_again_after_a_rolled_back_part_is_still_told(
    pushed: list[list[str]], django_capture_on_commit_callbacks: Commits
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        live.publish("queue:1", BoardChanged())
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            live.publish("board", BoardChanged())
            raise ZeroDivisionError
        live.publish("board", BoardChanged())
    assert LiveEvent.objects.filter(topic="board").count() == 1
    assert pushed[0].count("board") >= 1


def test_what_redis_does_not_take_stays_for_the_relay(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(topics: list[str]) -> list[int]:
        raise RedisGone

    live.publish("board", BoardChanged())
    rows = list(LiveEvent.objects.all())
    monkeypatch.setattr(live, "bump", gone)
    live.push(rows)
    assert LiveEvent.objects.count() == 1


def test_a_lost_counter_grows_again_from_the_present_time() -> None:
    first, second = live.bump(["board:lost"]), live.bump(["board:lost"])
    live.redis().delete(live.version_key("board:lost"))
    time.sleep(0.01)  # counters start at milliseconds
    assert first < second
    assert live.bump(["board:lost"]) > second


def test_silence_tells_nobody_and_ends_with_its_block(
    pushed: list[list[str]], django_capture_on_commit_callbacks: Commits
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        with live.silence():
            live.publish("queue:1", BoardChanged())
        live.publish("queue:2", BoardChanged())
    assert pushed == [["queue:2"]]
    assert not LiveEvent.objects.filter(topic="queue:1").exists()
