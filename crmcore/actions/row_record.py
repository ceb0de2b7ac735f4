"""Rows written down before a change, and put back exactly when it is undone."""

import json
from typing import Any

from django.core import serializers
from django.db.models import Model, QuerySet

Record = list[dict[str, Any]]


def written_down(rows: QuerySet[Any], *, without: frozenset[str] = frozenset()) -> Record:
    """The rows as JSON can hold them, to the microsecond."""
    fields = [field.name for field in rows.model._meta.concrete_fields if field.name not in without]
    return list(json.loads(json.dumps(serializers.serialize("python", rows, fields=fields), default=str)))


def put_back(record: Record) -> None:
    """Let these rows be as they were; one statement for each model and set of columns."""
    kinds: dict[tuple[type[Model], tuple[str, ...]], list[Model]] = {}
    for line, stored in zip(record, serializers.deserialize("python", record), strict=True):
        kinds.setdefault((type(stored.object), tuple(line["fields"])), []).append(stored.object)
    for (model, fields), rows in kinds.items():
        model._base_manager.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=fields)
