"""How people, durations and amounts are written on screen. Pure: strings in, strings out."""

import re
from decimal import Decimal
from zlib import crc32

from django.utils.translation import gettext

from crmcore.person_names import avatar_initials

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_SYMBOLS = {"USD": "$", "CNY": "¥", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "¥"}
_WHOLE_UNITS = {"JPY", "KRW", "VND"}
_TINTS = 6


def has_han(text: str) -> bool:
    """Whether the text contains Chinese characters and wants a Chinese face."""
    return bool(_HAN.search(text))


def initials(name: str, *, small: bool = False) -> str:
    """Two Latin initials, or two Chinese characters (one when small)."""
    letters = avatar_initials(name)
    return letters[-1:] if small and has_han(letters) else letters


def tint(seed: object) -> int:
    """One of six quiet grounds, always the same for the same record, so a colour never means anything."""
    return crc32(str(seed).encode()) % _TINTS + 1


def duration(seconds: float) -> str:
    """A clock reading: 0:32, 12:05, 1:02:03. Negative time reads as zero."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, last = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{last:02}" if hours else f"{minutes}:{last:02}"


def span(seconds: float) -> str:
    """A length of time in words: 22 min, 3 h 10, 1 d 4 h."""
    minutes = max(0, int(seconds) // 60)
    if minutes < 60:
        return gettext("%(minutes)d min") % {"minutes": minutes}
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return gettext("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}
    days, hours = divmod(hours, 24)
    return gettext("%(days)d d %(hours)d h") % {"days": days, "hours": hours}


def money(minor: int, currency: str) -> str:
    """An amount of minor units (cents, fen) with its sign; whole amounts lose the decimals."""
    places = 0 if currency in _WHOLE_UNITS else 2
    amount = Decimal(minor).scaleb(-places)
    shown = 0 if amount == amount.to_integral_value() else places
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    figure = f"{abs(amount):,.{shown}f}"
    return f"{'−' if amount < 0 else ''}{symbol}{figure}"
