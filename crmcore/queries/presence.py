"""Which agents could take work right now."""

from datetime import datetime

from django.db.models import Q, QuerySet

from crmcore.models import AgentPresence
from crmcore.models.presence import Chosen, SystemState


def routable(now: datetime) -> QuerySet[AgentPresence]:
    """Agents who chose to be ready, are idle, sit at a living screen and are past any pause."""
    return AgentPresence.objects.filter(
        Q(ready_at=None) | Q(ready_at__lte=now),
        chosen=Chosen.AVAILABLE,
        system=SystemState.IDLE,
        device_ok=True,
        user__is_active=True,
    )
