"""Codes that stay, for addresses and imports, made from names."""

from typing import Any

from django.db import models
from django.utils.text import slugify

LENGTH = 24


def free_code(rows: "models.Manager[Any]", name: str, otherwise: str) -> str:
    """A code that no row has yet, from the name where that has Latin letters, else from `otherwise`."""
    stem = slugify(name)[:LENGTH].strip("-") or otherwise
    taken = set(rows.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for n in range(len(taken) + 1) if (code := f"{stem}-{n + 1}" if n else stem) not in taken)
