"""The places of a template, written {{1}}, {{2}} …, and what fills them."""

import re
from collections.abc import Sequence

_PLACE = re.compile(r"\{\{\s*(\d{1,2})\s*\}\}")
LONGEST_VALUE = 200


def places_in(body: str) -> int:
    """How many values a template needs: its highest place."""
    return max((int(place) for place in _PLACE.findall(body)), default=0)


def are_in_order(body: str) -> bool:
    """Whether the places count up from 1 without a gap, as approval asks."""
    return {int(place) for place in _PLACE.findall(body)} == set(range(1, places_in(body) + 1))


def filled(body: str, values: Sequence[str]) -> str:
    """The text as the customer reads it."""
    return _PLACE.sub(lambda place: values[int(place[1]) - 1], body)
