"""Codes that prove that somebody reads what is sent to an address: six digits, ten minutes, five tries, once."""

import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db.models import F

from crmcore import clock
from crmcore.models import OneTimeCode

LASTS = timedelta(minutes=10)
MOST_TRIES = 5
DIGITS = 6
# Stands in words that are kept; the digits take its place when they are sent.
CODE_PLACE = "{code}"
FORGOTTEN_AFTER = timedelta(days=1)


def new_code(purpose: str, address: str, *, about: str = "") -> OneTimeCode:
    """A code that is not sent yet; those of yesterday are forgotten."""
    at = clock.now()
    OneTimeCode.objects.filter(expires_at__lt=at - FORGOTTEN_AFTER).delete()
    return OneTimeCode.objects.create(
        purpose=purpose,
        address=address,
        about=about,
        salt=secrets.token_urlsafe(32),
        created_at=at,
        expires_at=at + LASTS,
    )


def digits_of(code: OneTimeCode) -> str:
    """What the reader of the address types in."""
    mac = hmac.new(settings.SECRET_KEY.encode(), f"one-time code {code.pk} {code.salt}".encode(), "sha256")
    return str(int.from_bytes(mac.digest()[:8]) % 10**DIGITS).zfill(DIGITS)


def redeem(code_id: int, purpose: str, typed: str) -> OneTimeCode | None:
    """The code if `typed` is right, for the first time and in time; each call uses up a try, right or wrong."""
    at = clock.now()
    open_ones = OneTimeCode.objects.filter(
        pk=code_id, purpose=purpose, used_at=None, expires_at__gt=at, tries__lt=MOST_TRIES
    )
    # Counted before it is looked at: a thousand tries at once are five.
    if not open_ones.update(tries=F("tries") + 1):
        return None
    code = OneTimeCode.objects.get(pk=code_id)
    typed = "".join(sign for sign in typed if sign.isdecimal())
    is_right = hmac.compare_digest(typed.encode(), digits_of(code).encode()) and code.about != ""
    if not is_right or not OneTimeCode.objects.filter(pk=code_id, used_at=None).update(used_at=at):
        return None
    return code
