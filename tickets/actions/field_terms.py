"""Setting how field work is arranged."""

from collections.abc import Iterable

from django.db import transaction

from crmcore.actions import audit
from crmcore.models import Queue, User
from crmcore.permissions import require
from tickets.models import FieldTerms, Technician


@transaction.atomic
def set_terms(*, by: User, **facts: int | bool) -> FieldTerms:
    """Let these terms hold from now on; appointments that were made stay."""
    require(by, "settings", "edit")
    terms, _created = FieldTerms.objects.update_or_create(pk=1, defaults=facts)
    audit.record("field_terms.changed", terms, by=by, detail=facts)
    return terms


@transaction.atomic
def save_technician(technician: Technician, queues: Iterable[Queue], *, by: User) -> None:
    """Store who drives out, in which hours and for which queues."""
    require(by, "settings", "edit")
    technician.save()
    technician.queues.set(queues)
    facts = {"user": technician.user_id, "calendar": technician.calendar_id, "is_active": technician.is_active}
    audit.record("technician.saved", technician, by=by, detail=facts)
