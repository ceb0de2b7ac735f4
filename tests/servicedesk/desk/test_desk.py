"""The one command, as an operator meets it: real processes, killed and stopped."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from servicedesk.engines.process import wait_until
from tests.live_desk import free_port

ROOT = Path(__file__).resolve().parents[3]
# Generous, for machines with other work to do; an idle one needs three seconds.
HEAL_SECONDS = 120
CHILDREN = {"postgres", "valkey", "web", "worker", "scheduler"}

pytestmark = pytest.mark.slow


@dataclass
class Desk:
    """A running desk on its own data, and what `ps` knows about it."""

    process: "subprocess.Popen[str]"
    data: Path
    port: int

    def children(self) -> dict[str, int]:
        """The name of each child and its process id."""
        listed = subprocess.run(
            ["ps", "-ww", "--ppid", str(self.process.pid), "-o", "pid=,args="], capture_output=True, text=True
        )
        found = {}
        for line in listed.stdout.splitlines():
            pid, words = line.split(maxsplit=1)
            found[role_of(words)] = int(pid)
        return found

    def status(self, path: str = "/healthz/ready") -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def whole(self) -> bool:
        return set(self.children()) == CHILDREN and self.status() == 200

    def heals(self) -> bool:
        """Waits until everything runs; gives up when the supervisor has ended."""
        wait_until(lambda: self.whole() or self.process.poll() is not None, seconds=HEAL_SECONDS)
        return self.whole()


def role_of(words: str) -> str:
    marks = {
        "daphne": "web",
        " worker ": "worker",
        " beat ": "scheduler",
        "valkey-server": "valkey",
        "postgres": "postgres",
    }
    return next((role for mark, role in marks.items() if mark in words), words)


def environment(data: Path, port: int, **more: str) -> dict[str, str]:
    """This process' environment without what belongs to the test run."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "DEMO"}}
    product = {"DJANGO_SETTINGS_MODULE": "servicedesk.settings", "DATA_DIR": str(data), "PORT": str(port)}
    return {**inherited, **product, **more}


def start(data: Path, port: int, **more: str) -> "subprocess.Popen[str]":
    """A desk whose words go to a file: nobody empties a pipe while the test looks elsewhere."""
    with log_of(data).open("w") as log:
        return subprocess.Popen(
            [sys.executable, "manage.py", "desk"],
            cwd=ROOT,
            env=environment(data, port, **more),
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )


def log_of(data: Path) -> Path:
    return data.with_suffix(".log")


def refusal(data: Path, port: int, **more: str) -> str:
    """What a desk that does not start says; it ends with exit code 1."""
    done = subprocess.run(
        [sys.executable, "manage.py", "desk"],
        cwd=ROOT,
        env=environment(data, port, **more),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """One desk for the tests of this module; each leaves it whole."""
    data = Path(tempfile.mkdtemp(prefix="desk-whole-"))
    port = free_port()
    running = Desk(start(data, port), data, port)
    try:
        assert running.heals()
        yield running
    finally:
        running.process.terminate()
        code = running.process.wait(timeout=60)
        said = log_of(data).read_text()
        shutil.rmtree(data, ignore_errors=True)
        log_of(data).unlink()
    assert code == 0, said
    assert "The desk has stopped." in said


@pytest.mark.parametrize("name", sorted(CHILDREN))
def test_killed_child_comes_back(desk: Desk, name: str) -> None:
    victim = desk.children()[name]
    os.kill(victim, signal.SIGKILL)
    assert wait_until(lambda: desk.children().get(name, victim) != victim, seconds=HEAL_SECONDS)
    assert desk.heals()


def test_second_desk_on_the_same_data_is_refused(desk: Desk) -> None:
    assert str(desk.data) in only_line(refusal(desk.data, free_port()))


def test_killed_supervisor_leaves_nothing_and_the_next_start_works(desk: Desk) -> None:
    orphans = desk.children().values()
    desk.process.kill()
    desk.process.wait()
    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans), seconds=10)
    desk.process = start(desk.data, desk.port)
    assert desk.heals()


def test_other_commands_use_the_engines_of_the_running_desk(desk: Desk) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "showmigrations", "crmcore"],
        cwd=ROOT,
        env=environment(desk.data, desk.port),
        capture_output=True,
        text=True,
    )
    assert "[X] 0001_initial" in done.stdout, done.stderr
    assert desk.status() == 200


def test_supervisor_stays_small(desk: Desk) -> None:
    status = Path(f"/proc/{desk.process.pid}/status").read_text()
    resident_kb = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
    assert resident_kb < 40_000


def test_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert f"Port {port}" in only_line(refusal(tmp_path, port))


def test_database_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    url = f"postgresql://me@127.0.0.1:{free_port()}/desk"
    assert "DATABASE_URL" in only_line(refusal(tmp_path, free_port(), DATABASE_URL=url))


def test_redis_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    url = f"redis://127.0.0.1:{free_port()}/0"
    assert "REDIS_URL" in only_line(refusal(tmp_path, free_port(), REDIS_URL=url))


def test_malformed_database_url_is_one_line(tmp_path: Path) -> None:
    assert "DATABASE_URL" in only_line(refusal(tmp_path, free_port(), DATABASE_URL="desk"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stop_while_starting_is_clean(tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path, free_port())
    wait_until((tmp_path / "postgres").exists, seconds=20)
    time.sleep(0.3)
    process.send_signal(number)
    assert process.wait(timeout=60) == 0, log_of(tmp_path).read_text()


def only_line(said: str) -> str:
    """The one line that was said."""
    [line] = said.strip().splitlines()
    return line
