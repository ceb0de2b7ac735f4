"""What every page knows besides its own subject."""

from typing import Any

from django.http import HttpRequest

from crmcore.models import User
from servicedesk.demo.active import is_active, is_open


def shell(request: HttpRequest) -> dict[str, Any]:
    """Theme of the reader, and of the demo: whether it is loaded, asked where a page says so, and who may enter."""
    user = getattr(request, "user", None)
    theme = user.theme if isinstance(user, User) else User.Theme.SYSTEM
    return {"theme": theme, "demo_data": is_active, "demo_open": is_open}
