"""Keeps children alive: whichever dies is started again after a pause that grows."""

import signal
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

from servicedesk.engines.process import Child

_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 15.0
# A child that lived this long had no trouble starting.
_SETTLED_SECONDS = 20.0


@dataclass
class Charge:
    """One child in our care, when it started, and how long to wait before the next attempt."""

    child: Child
    started: float = field(default_factory=time.monotonic)
    pause: float = _FIRST_PAUSE
    due: float | None = None

    def look(self) -> None:
        """Notice a death; start again when the pause is over."""
        now = time.monotonic()
        if self.child.alive:
            return
        if self.due is None:
            self._mourn(now)
        elif now >= self.due:
            self.started, self.due = now, None
            self.child.start()

    def _mourn(self, now: float) -> None:
        if now - self.started > _SETTLED_SECONDS:
            self.pause = _FIRST_PAUSE
        say(f"{self.child.name} ended ({self.child.exit_reason}), starting it again")
        self.due = now + self.pause
        self.pause = min(self.pause * 2, _LONGEST_PAUSE)


class StopRequest:
    """Whether somebody asked this process to stop, by Ctrl-C, by SIGTERM or by closing the terminal."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def stop_all(children: list[Child]) -> None:
    """Ask all to stop at once, then wait for each."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.finish()


def say(line: str) -> None:
    """Tell the operator, among the children's own lines."""
    print(line, file=sys.stderr, flush=True)
