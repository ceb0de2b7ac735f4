"""Relative moments as the worlds write them: `-2d 03:10` and `-35m` before the load, `+1h 20m` after a beginning."""

import re
from datetime import timedelta

_PART = re.compile(r"(?P<number>\d+)(?P<unit>[dhm])|(?P<hours>\d+):(?P<minutes>\d\d)|(?P<other>\S)")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def span(text: str) -> timedelta:
    """The signed length that a text names. Raises ValueError where it names none."""
    sign, rest = text[:1], text[1:]
    if sign not in ("+", "-") or not rest.strip():
        raise ValueError(f"not a relative moment: {text!r}")
    length = timedelta()
    for part in _PART.finditer(rest):
        if part["other"]:
            raise ValueError(f"not a relative moment: {text!r}")
        if part["unit"]:
            length += timedelta(**{_UNITS[part["unit"]]: int(part["number"])})
        else:
            length += timedelta(hours=int(part["hours"]), minutes=int(part["minutes"]))
    return length if sign == "+" else -length
