"""Region A: what the call bar says."""

from typing import Any

from crmcore.models import AgentPresence, User


def bar_context(user: User) -> dict[str, Any]:
    return {"user": user, "presence": AgentPresence.objects.filter(user=user).first()}
