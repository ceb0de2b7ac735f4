"""What a WeChat platform has to be told."""

from django.conf import settings
from django.urls import reverse


def door_of(app_id: str) -> str:
    """The address at which the platform comes to us; without a public address of the desk, its path."""
    return f"{settings.PUBLIC_BASE_URL}{reverse('telephony:wechat', args=[app_id])}"
