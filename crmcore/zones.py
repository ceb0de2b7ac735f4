"""Time zones as people name them: by their city."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import get_timezone_location
from django.conf import settings
from django.utils.translation import get_language, to_locale


def zone_called(name: str) -> ZoneInfo:
    """The zone of this name, UTC where the name means nothing."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def city_of(zone: str) -> str:
    """The city whose clock an IANA zone is, in the reader's language; nothing for no zone."""
    locale = to_locale(get_language() or settings.LANGUAGE_CODE)
    return get_timezone_location(zone, locale=locale, return_city=True) if zone else ""
