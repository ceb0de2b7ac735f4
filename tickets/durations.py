"""Lengths of time as people type them: 4 h, 1 h 30 min, 90 s, 2 d; a day is as long as the calendar's working day."""

import re

from django.utils.translation import gettext as _

MINUTE, HOUR = 60, 3600
SHORTEST, LONGEST = 15, 400 * 24 * HOUR
_PART = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*([^\W\d_]*)\.?\s*")
_UNITS = {
    "s": 1,
    "sec": 1,
    "秒": 1,
    "m": MINUTE,
    "min": MINUTE,
    "分": MINUTE,
    "分钟": MINUTE,
    "h": HOUR,
    "小时": HOUR,
    "时": HOUR,
}
_DAYS = frozenset({"d", "day", "days", "天", "日", "工作日"})


class DurationError(ValueError):
    """A text that is no length of time, with a sentence that says so."""


def read_duration(text: str, day_s: int) -> int:
    """Seconds of `text`; `day_s` are the seconds of a working day. Raises DurationError."""
    place, seconds = 0, 0.0
    text = text.strip().lower()
    while place < len(text):
        part = _PART.match(text, place)
        if part is None or not part.group():
            break
        number, unit = part.groups()
        size = day_s if unit in _DAYS else _UNITS.get(unit)
        if size is None:
            break
        seconds += float(number.replace(",", ".")) * size
        place = part.end()
    if not text or place < len(text):
        raise DurationError(_("“%(text)s” is no length of time such as 30 min, 4 h or 2 d.") % {"text": text})
    if not SHORTEST <= round(seconds) <= LONGEST:
        raise DurationError(_("A target lies between 15 seconds and 400 days."))
    return round(seconds)


def write_duration(seconds: int) -> str:
    """The shortest text that reads as these seconds, in hours, minutes and seconds: days depend on a calendar."""
    parts = [(seconds // HOUR, "h"), (seconds % HOUR // MINUTE, "min"), (seconds % MINUTE, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
