"""A child that ends is started again, after a pause that grows while it keeps failing."""

import sys
from collections.abc import Iterator

import pytest

from servicedesk.desk import supervisor
from servicedesk.desk.supervisor import Charge
from servicedesk.engines.process import Child, wait_until


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The monotonic clock as a list of one number that the test moves."""
    now = [100.0]
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: now[0])
    yield now


def failing() -> Child:
    child = Child("failing", [sys.executable, "-c", "raise SystemExit(3)"])
    start(child)
    return child


def start(child: Child) -> None:
    child.start()
    assert child.process is not None
    child.process.wait()


def test_child_that_ended_is_started_again_after_the_pause(clock: list[float]) -> None:
    child = failing()
    charge = Charge(child, started=100.0)
    charge.look()
    first = child.process
    charge.look()
    assert child.process is first
    clock[0] += 0.3
    charge.look()
    assert child.process is not first
    child.stop()


def test_pause_grows_with_every_failure_up_to_a_limit(clock: list[float]) -> None:
    charge = Charge(failing(), started=100.0)
    pauses = []
    for _ in range(9):
        charge.look()
        assert charge.due is not None
        pauses.append(charge.due - clock[0])
        clock[0] = charge.due
        charge.look()
        assert charge.child.process is not None
        charge.child.process.wait()
    assert pauses[:4] == [0.25, 0.5, 1, 2]
    assert pauses[-1] == 15


def test_child_that_ran_well_is_forgiven(clock: list[float]) -> None:
    charge = Charge(failing(), started=100.0, pause=15)
    clock[0] += 60
    charge.look()
    assert charge.due == clock[0] + 0.25


def test_living_child_is_left_alone() -> None:
    child = Child("living", [sys.executable, "-c", "import time; time.sleep(60)"])
    child.start()
    charge = Charge(child)
    charge.look()
    assert charge.due is None
    child.stop()


def test_death_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    Charge(failing()).look()
    assert "failing ended (exit code 3)" in capsys.readouterr().err


def test_all_are_asked_before_any_is_waited_for() -> None:
    slow = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.6), sys.exit()))
time.sleep(60)
"""
    children = [Child(name, [sys.executable, "-c", slow]) for name in "ab"]
    for child in children:
        child.start()
    wait_until(lambda: False, seconds=0.5)
    started = supervisor.time.monotonic()
    supervisor.stop_all(children)
    assert supervisor.time.monotonic() - started < 1.1
