"""Which queues a person serves; callers who wait there are offered at once."""

from collections.abc import Sequence

from django.db import transaction

from crmcore import live
from crmcore.actions import audit
from crmcore.actions.rows import replace_rows
from crmcore.events import BoardChanged
from crmcore.models import QueueMembership, User
from crmcore.permissions import require
from telephony.actions.distribution import distribute_soon


@transaction.atomic
def serve(person: User, memberships: Sequence[QueueMembership], *, by: User) -> None:
    """Let the person serve just these queues."""
    require(by, "queue", "edit")
    change = replace_rows(person, QueueMembership, "user", memberships)
    if change is None:
        return
    audit.record("user.queues_set", person, by=by, detail={"queues": change})
    live.publish("board", BoardChanged())
    for membership in memberships:
        distribute_soon(queue=membership.queue_id)
