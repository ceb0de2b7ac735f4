"""A transaction that is kept or thrown away as a whole."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def in_one_piece() -> Iterator[None]:
    """Set no savepoints inside: a load that fails anywhere is undone everywhere, and a quarter of its statements go.

    Nor is garbage collected: what was made so far is needed to the end, and a tenth of the time went into counting it.
    """
    connection.features.uses_savepoints = False
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        connection.features.uses_savepoints = True
