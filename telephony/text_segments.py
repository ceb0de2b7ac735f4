"""How many messages the network makes of one text.

3GPP TS 23.038 names the 7-bit alphabet and its second table, whose characters cost two places; TS 23.040 joins long
messages by a header of 6 octets. A message holds 140 octets: 160 places of 7 bits, or 153 beside the header; where one
character is foreign to the alphabet the whole text is UCS-2, 70 units of 16 bits, or 67 beside the header.
"""

from collections.abc import Iterator
from dataclasses import dataclass

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = "^{}\\[~]|€\f"
GSM_ALONE, GSM_JOINED = 160, 153
UCS2_ALONE, UCS2_JOINED = 70, 67
# Carriers take no more than this in one request.
LONGEST = 1600


@dataclass(frozen=True)
class Segments:
    """`units` are places of the alphabet in use, `left` those still free in the last message."""

    is_unicode: bool
    units: int
    count: int
    left: int


def segments_of(text: str) -> Segments:
    """Count as the network does: nothing that costs two places is cut in half. An empty text is one message."""
    is_unicode = any(letter not in BASIC and letter not in EXTENDED for letter in text)
    alone, joined = (UCS2_ALONE, UCS2_JOINED) if is_unicode else (GSM_ALONE, GSM_JOINED)
    widths = list(_widths(text, is_unicode=is_unicode))
    units = sum(widths)
    if units <= alone:
        return Segments(is_unicode, units, 1, alone - units)
    count, left = 1, joined
    for width in widths:
        if width > left:
            count, left = count + 1, joined
        left -= width
    return Segments(is_unicode, units, count, left)


def _widths(text: str, *, is_unicode: bool) -> Iterator[int]:
    for letter in text:
        is_wide = ord(letter) > 0xFFFF if is_unicode else letter in EXTENDED
        yield 2 if is_wide else 1
