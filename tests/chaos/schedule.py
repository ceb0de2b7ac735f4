"""What is to happen when, and the hands that let it happen."""

import heapq
import time
from collections.abc import Callable
from itertools import count
from threading import Condition, Thread

Job = Callable[[], None]


class Schedule:
    """Jobs in the order of their time, taken by several threads. The first exception of a job stops everything."""

    def __init__(self) -> None:
        self.stopped = False
        self.error: BaseException | None = None
        self.late_s = 0.0
        self._jobs: list[tuple[float, int, Job]] = []
        self._numbers = count()
        self._changed = Condition()
        self._hands: list[Thread] = []

    def append(self, job: Job) -> None:
        """As soon as possible, as the carrier's own agenda has it."""
        self.put(0.0, job)

    def put(self, delay_s: float, job: Job) -> None:
        with self._changed:
            heapq.heappush(self._jobs, (time.monotonic() + delay_s, next(self._numbers), job))
            self._changed.notify()

    def start(self, hands: int) -> None:
        self._hands = [Thread(target=self._work, daemon=True) for _ in range(hands)]
        for hand in self._hands:
            hand.start()

    def stop(self) -> None:
        with self._changed:
            self.stopped = True
            self._changed.notify_all()
        for hand in self._hands:
            hand.join(120)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except BaseException as error:
                self.error = self.error or error
                return

    def _next(self) -> Job | None:
        with self._changed:
            while not self.stopped:
                wait_s = self._jobs[0][0] - time.monotonic() if self._jobs else 1.0
                if wait_s <= 0:
                    self.late_s = -wait_s
                    return heapq.heappop(self._jobs)[2]
                self._changed.wait(wait_s)
        return None
