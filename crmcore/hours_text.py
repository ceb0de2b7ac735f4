"""Open hours as people type them: “9-12, 13:30–18:00” becomes [["09:00", "12:00"], ["13:30", "18:00"]] and back."""

import re
import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext as _

_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?"
_INTERVAL = re.compile(rf"{_CLOCK}\s*(?:-|–|—|~|to|至|到)\s*{_CLOCK}")
_BETWEEN = re.compile(r"[\s,;、]*")


def read_hours(text: str) -> list[list[str]]:
    """The intervals in a text; none in an empty one. Raises ValueError with a sentence that says why."""
    typed = unicodedata.normalize("NFKC", text).strip()
    intervals, place = [], 0
    while place < len(typed):
        found = _INTERVAL.match(typed, place)
        if found is None:
            raise ValueError(_("“%(hours)s” are not hours such as 09:00–12:00, 13:30–18:00.") % {"hours": text.strip()})
        opened, closed = (_clock(text, *found.group(first, first + 1)) for first in (1, 3))
        intervals.append([opened, closed])
        place = _end(_BETWEEN.match(typed, found.end()))
    return intervals


def write_hours(intervals: Sequence[Sequence[str]]) -> str:
    """The intervals as people read them."""
    return ", ".join(f"{opened}–{closed}" for opened, closed in intervals)


def _clock(text: str, hour: str, minute: str | None) -> str:
    hours, minutes = int(hour), int(minute or 0)
    if minutes > 59 or hours * 60 + minutes > 24 * 60:
        raise ValueError(_("“%(hours)s” names a time that no clock shows.") % {"hours": text.strip()})
    return f"{hours:02}:{minutes:02}"


def _end(found: "re.Match[str] | None") -> int:
    assert found is not None
    return found.end()
