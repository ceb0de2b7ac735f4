"""Keeping what a person is typing."""

from crmcore.clock import now
from crmcore.models import User
from tickets.models import Draft


def save_draft(user: User, key: str, body: str, *, mode: str = "") -> None:
    """Keep the text under its key; an empty one is forgotten."""
    if not body.strip():
        Draft.objects.filter(user=user, key=key).delete()
        return
    facts = {"body": body, "mode": mode, "updated_at": now()}
    Draft.objects.update_or_create(user=user, key=key, defaults=facts)
