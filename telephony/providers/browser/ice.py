"""How two browsers find each other across networks."""

import base64
import hashlib
import hmac
from typing import Any

from django.conf import settings

from crmcore import clock

LIFETIME_S = 3600


def ice_servers(name: str) -> list[dict[str, Any]]:
    """The ICE servers for one leg called `name`, with credentials that last an hour.

    They follow the shared-secret scheme of TURN servers: the user name is `expiry:name`, the password the Base64
    HMAC-SHA1 of it (draft-uberti-behave-turn-rest).
    """
    if not settings.TURN_URLS:
        return []
    if not settings.TURN_SECRET:
        return [{"urls": settings.TURN_URLS}]
    user = f"{int(clock.now().timestamp()) + LIFETIME_S}:{name}"
    digest = hmac.new(settings.TURN_SECRET.encode(), user.encode(), hashlib.sha1).digest()
    return [{"urls": settings.TURN_URLS, "username": user, "credential": base64.b64encode(digest).decode()}]
