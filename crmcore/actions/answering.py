"""Setting what becomes of agents who do not take a call."""

from django.db import transaction

from crmcore.actions import audit
from crmcore.models import AnsweringPolicy, User
from crmcore.permissions import require


@transaction.atomic
def set_answering(*, misses_allowed: int, pause_after_miss_s: int, ready_after_s: int = 0, by: User) -> AnsweringPolicy:
    """Let the rule hold from the next missed call on."""
    require(by, "settings", "edit")
    facts = {"misses_allowed": misses_allowed, "pause_after_miss_s": pause_after_miss_s, "ready_after_s": ready_after_s}
    policy, _created = AnsweringPolicy.objects.update_or_create(pk=1, defaults=facts)
    audit.record("answering.changed", policy, by=by, detail=facts)
    return policy
