"""What happened so far, counted by many threads, and the last of it in words."""

import time
from collections import Counter, deque
from threading import Lock

REMEMBERED = 400


class Tally:
    """An event is what reaches the desk from outside: a webhook, a deed of its people, a screen."""

    def __init__(self, seed: int) -> None:
        self.seed, self.began = seed, time.monotonic()
        self.events: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.checks: Counter[str] = Counter()
        self.requests = 0
        self.last: deque[str] = deque(maxlen=REMEMBERED)
        self._lock = Lock()

    @property
    def total(self) -> int:
        return sum(self.events.values())

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def event(self, kind: str, about: str = "") -> None:
        with self._lock:
            self.events[kind] += 1
            self.last.append(f"{self.seconds:9.3f} {kind} {about}")

    def fault(self, kind: str, about: str = "") -> None:
        with self._lock:
            self.faults[kind] += 1
            self.last.append(f"{self.seconds:9.3f} FAULT {kind} {about}")

    def asked(self) -> None:
        """The desk asked something of the carrier."""
        with self._lock:
            self.requests += 1

    def checked(self, what: str, times: int = 1) -> None:
        with self._lock:
            self.checks[what] += times

    def line(self) -> str:
        return (
            f"{self.seconds:6.0f} s  {self.total:7} events  {self.total / max(1, self.seconds):6.1f}/s"
            f"  {sum(self.faults.values())} faults  {sum(self.checks.values())} checks"
        )
