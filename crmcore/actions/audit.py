"""The audit trail: one line for every change and every reveal."""

from typing import Any

from django.db import models
from structlog.contextvars import get_contextvars

from crmcore import clock
from crmcore.models import AuditEntry, User


def record(
    verb: str,
    obj: models.Model,
    *,
    by: User | None,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Note that `by` (None: the product itself) did `verb`, as in `ticket.assigned`, to `obj`."""
    return AuditEntry.objects.create(
        actor=by,
        verb=verb,
        noun=obj._meta.model_name or "",
        object_id=str(obj.pk),
        detail=detail or {},
        request_id=str(get_contextvars().get("request_id", "")),
        at=clock.now(),
    )
