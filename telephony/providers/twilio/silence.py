"""Nobody waits for a carrier that does not answer: a circuit breaker around its HTTP client.

The worker has few threads. If each of them sat out its timeout, nothing else on the desk would move.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from twilio.http import HttpClient

from telephony.providers.base import CarrierBusy

TRY_AGAIN_AFTER_S = 5.0


class GuardedHttp(HttpClient):  # type: ignore[misc]  # the package has no types
    """After a request without an answer only one at a time tries again; the others are told at once to be patient.

    `clock`: seconds that never go back. Raises CarrierBusy for what was not sent, and what the client within raises.
    """

    def __init__(self, within: HttpClient, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(within.logger, within.is_async, within.timeout)
        self._within, self._clock = within, clock
        self._lock = Lock()
        # While the carrier is silent: when to try again. A try pushes it on, so that no second one goes beside it.
        self._try_at: float | None = None

    def request(self, *args: Any, **kwargs: Any) -> Any:
        self._enter()
        try:
            answer = self._within.request(*args, **kwargs)
        except OSError:
            self._try_at = self._clock() + TRY_AGAIN_AFTER_S
            raise
        self._try_at = None
        return answer

    def _enter(self) -> None:
        with self._lock:
            if self._try_at is None:
                return
            if self._clock() < self._try_at:
                raise CarrierBusy("the carrier does not answer")
            self._try_at = self._clock() + (self.timeout or TRY_AGAIN_AFTER_S) + TRY_AGAIN_AFTER_S
