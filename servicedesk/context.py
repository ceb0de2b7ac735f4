"""What every page knows besides its own subject."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from crmcore.models import User


def shell(request: HttpRequest) -> dict[str, Any]:
    """Theme of the reader and whether demo sign-ins may be shown."""
    user = getattr(request, "user", None)
    theme = user.theme if isinstance(user, User) else User.Theme.SYSTEM
    return {"theme": theme, "demo_mode": settings.DEBUG or settings.DEMO}
