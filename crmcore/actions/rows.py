"""Rows that belong to another row and are kept as a whole: members of a queue, skills of a person."""

from collections.abc import Sequence
from typing import Any

from django.db import models

Change = list[list[dict[str, Any]]]


def replace_rows(owner: models.Model, model: Any, field: str, kept: Sequence[models.Model]) -> Change | None:
    """Let these rows of `owner` stand instead of the stored ones; before and after where they differ, else None."""
    for row in kept:
        setattr(row, field, owner)
    stored = model.objects.filter(**{field: owner})
    before, after = (sorted((_facts(row, field) for row in rows), key=str) for rows in (stored, kept))
    if before == after:
        return None
    stored.delete()
    model.objects.bulk_create(kept)
    return [before, after]


def _facts(row: models.Model, field: str) -> dict[str, Any]:
    silent = {"id", f"{field}_id"}
    return {
        column.attname: getattr(row, column.attname)
        for column in row._meta.concrete_fields
        if column.attname not in silent
    }
