"""Silence while the past is written."""

from collections.abc import Iterator
from contextlib import contextmanager

from crmcore import live
from crmcore.events import Event


@contextmanager
def unheard() -> Iterator[None]:
    """Let nothing inside be announced: no screen watches the past, and thirty thousand events would tell it nothing.

    For a process of its own; others go on telling their screens.
    """
    announce = live.publish
    live.publish = _keep_quiet
    try:
        yield
    finally:
        live.publish = announce


def _keep_quiet(topic: str, event: Event) -> None:
    """What `live.publish` would be if nobody listened."""
