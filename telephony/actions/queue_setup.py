"""Setting up a queue: its settings, who serves it, what it asks of them, where it sends callers."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from crmcore import live
from crmcore.actions import audit
from crmcore.actions.codes import free_code
from crmcore.actions.rows import replace_rows
from crmcore.events import BoardChanged
from crmcore.models import Queue, QueueMembership, QueueSkill, User
from telephony.actions.distribution import distribute_soon
from telephony.events import QueueChanged
from telephony.models import OverflowRule


@transaction.atomic
def save_queue(
    queue: Queue,
    *,
    members: Sequence[QueueMembership],
    skills: Sequence[QueueSkill],
    rules: Sequence[OverflowRule],
    by: User,
) -> Queue:
    """Store a queue with all that belongs to it; what changed is audited. Callers in line keep their places."""
    before: dict[str, Any] = dict(Queue.objects.select_for_update().filter(pk=queue.pk).values().first() or {})
    if not queue.code:
        queue.code = free_code(Queue.objects, queue.name, "queue")
    queue.save()
    after = Queue.objects.filter(pk=queue.pk).values().get()
    changes: dict[str, Sequence[Any]] = {
        name: [before.get(name), value] for name, value in after.items() if before.get(name) != value
    }
    for name, model, kept in (
        ("members", QueueMembership, members),
        ("skills", QueueSkill, skills),
        ("overflow_rules", OverflowRule, rules),
    ):
        if (change := replace_rows(queue, model, "queue", kept)) is not None:
            changes[name] = change
    if changes:
        verb = "queue.changed" if before else "queue.created"
        audit.record(verb, queue, by=by, detail={name: _plain(change) for name, change in changes.items()})
        live.publish(f"queue:{queue.pk}", QueueChanged(queue_id=queue.pk))
        live.publish("board", BoardChanged())
        distribute_soon(queue=queue.pk)
    return queue


def _plain(change: Sequence[Any]) -> list[Any]:
    return [value if isinstance(value, int | str | bool | list | dict | None) else str(value) for value in change]
