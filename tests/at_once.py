"""Several people at the same moment, for the tests of races."""

from collections.abc import Callable
from contextvars import copy_context
from threading import Barrier, Thread
from typing import Any

from django.db import connections

WAITS_S = 120


def at_once(*deeds: Callable[[], Any], refusals: tuple[type[Exception], ...] = ()) -> list[Any]:
    """Do all of it at the same moment, each on a connection of its own and by the caller's clock.

    What each returned, or the one of the `refusals` that it met; whatever else is raised, is raised here.
    """
    results: list[Any] = [TimeoutError("waits for ever")] * len(deeds)
    start = Barrier(len(deeds))

    def run(place: int, deed: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[place] = deed()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=copy_context().run, args=(run, place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAITS_S)
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, refusals):
            raise result
    return results
