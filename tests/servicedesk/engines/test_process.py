"""Children: how they start, stop and end with their parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from servicedesk.engines.process import Child, wait_until


def sleeper(**options: object) -> Child:
    return Child("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], **options)  # type: ignore[arg-type]


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_stop_ends_the_child() -> None:
    child = sleeper()
    child.start()
    assert child.alive
    child.stop()
    assert not child.alive
    assert child.exit_reason == "SIGTERM"


def test_child_deaf_to_the_signal_is_killed_when_patience_ends() -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    child = Child("deaf", [sys.executable, "-c", deaf], log=Path(os.devnull), patience=0.5)
    child.start()
    wait_until(lambda: not child.alive, seconds=0.5)
    child.stop()
    assert child.exit_reason == "SIGKILL"


def test_stop_before_start_does_nothing() -> None:
    sleeper().stop()


def test_child_does_not_share_the_terminals_group() -> None:
    child = sleeper()
    child.start()
    assert child.process is not None
    assert os.getpgid(child.process.pid) == child.process.pid
    child.stop()


def test_killed_parent_takes_the_child_along() -> None:
    program = """
import sys, time
from servicedesk.engines.process import Child
child = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])
child.start()
print(child.process.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert wait_until(lambda: gone(pid), seconds=5)


def test_large_log_makes_way_for_a_new_one(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    log.write_bytes(b"x" * 5_000_001)
    child = Child("talker", [sys.executable, "-c", "print('new')"], log=log)
    child.start()
    wait_until(lambda: not child.alive, seconds=10)
    assert log.read_text() == "new\n"
    assert (tmp_path / "child.old.log").stat().st_size > 5_000_000
