"""Work put off until after the commit, by registered name; the bodies live in each package's tasks module."""

from collections.abc import Callable
from functools import partial

from celery import current_app, shared_task
from django.conf import settings
from django.db import transaction

_register: dict[str, Callable[..., None]] = {}


def task(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function under `name`; it must be safe to run twice."""

    def register(body: Callable[..., None]) -> Callable[..., None]:
        if name in _register:
            raise ValueError(f"two tasks are called {name}")
        _register[name] = body
        shared_task(name=name)(body)
        return body

    return register


def run_later(name: str, *args: int | str) -> None:
    """Run the task after the present transaction commits. Raises KeyError for a name nobody registered."""
    body = _register[name]
    if settings.LATER_INLINE:
        transaction.on_commit(partial(body, *args))
    else:
        transaction.on_commit(partial(current_app.send_task, name, args=args), robust=True)
