"""A whole desk for the journeys: the real command with its own engines, in a throw-away folder."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 300


class RunningDesk:
    """`manage.py desk` with demo data; `url` is its address."""

    def __init__(self) -> None:
        self.data_dir = Path(tempfile.mkdtemp(prefix="journey-"))
        self.data_dir.chmod(0o755)
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = self.data_dir / "desk.out"

    def start(self) -> None:
        """Start and wait until the desk answers. Raises RuntimeError with its log when it does not."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "desk"],
                cwd=ROOT,
                env=self.environment(),
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + READY_WITHIN_S
        while not self.answers("/healthz/ready"):
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the desk did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.2)

    def stop(self) -> int:
        """Stop as Ctrl-C does; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def environment(self) -> dict[str, str]:
        """What the desk and its `manage.py` commands run with."""
        kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        return {**kept, "DATA_DIR": str(self.data_dir), "PORT": str(self.port), "DEMO": "1"}

    def manage(self, *words: str) -> str:
        """Run a management command beside the running desk and return what it printed."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return done.stdout

    def answers(self, path: str) -> bool:
        """Whether a page of the desk answers with success."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self, pattern: str) -> list[int]:
        """Kill -9 the desk's descendants whose command line matches; returns their ids."""
        killed = []
        for pid in descendants(self.process.pid):
            command = _command_of(pid)
            if re.search(pattern, command):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
        return killed


def descendants(root: int) -> list[int]:
    """The processes that a process has started, and those that they have."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, queue = [], [root]
    while queue:
        children = parents.get(queue.pop(), [])
        found += children
        queue += children
    return found


def _command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
