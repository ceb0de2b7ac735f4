"""A child process that neither outlives its parent nor hears the terminal's Ctrl-C."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from servicedesk.engines.ownership import Account

_PR_SET_PDEATHSIG = 1
_LARGEST_LOG = 5_000_000
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    """One command line, how it is asked to stop, and the process that runs it now. `asks`: it reads the terminal."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    log: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    patience: float = 5
    account: Account = field(default_factory=Account)
    asks: bool = False
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def exit_reason(self) -> str:
        """How the last process ended, for people."""
        code = self.process.poll() if self.process else None
        return signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"

    def start(self) -> None:
        """Start in a session of its own. Without a log the child writes to our terminal. Raises OSError."""
        output = _open_log(self.log) if self.log else None
        try:
            self.process = subprocess.Popen(
                [*self.account.prefix, *map(str, self.command)],
                env=dict(self.environment),
                stdin=None if self.asks else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
                preexec_fn=_dies_with_parent(self.orphan_signal),
                **self.account.popen_options(),
            )
        finally:
            if output:
                os.close(output)

    def ask_to_stop(self) -> None:
        """Send the stop signal, without waiting."""
        if self.process is not None and self.alive:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask, and see to it."""
        self.ask_to_stop()
        self.finish()

    def finish(self) -> None:
        """Wait for a child that was asked to stop; kill it when patience ends."""
        if self.process is None:
            return
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Poll every 20 ms; whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _dies_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Linux sends the signal when the starting thread ends; elsewhere the next start clears what was left."""
    if _libc is None:
        return None
    libc, parent = _libc, os.getpid()

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


def _open_log(path: Path) -> int:
    """The log opened for appending; one that grew large makes way first."""
    if path.exists() and path.stat().st_size > _LARGEST_LOG:
        path.replace(path.with_suffix(".old.log"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
