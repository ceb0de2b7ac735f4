"""Tags: one word however it is written, and those that begin like what is typed."""

from crmcore.text_search import fold
from tickets.models import Tag

SUGGESTED = 8
LONGEST = 40


def key_of(name: str) -> str:
    """A tag's name folded: width, case and traditional characters do not make another tag."""
    return " ".join(fold(name).split())[:LONGEST]


def suggested(words: str) -> list[Tag]:
    """Tags that begin with these words, then those that contain them."""
    key = key_of(words)
    if not key:
        return []
    found = list(Tag.objects.filter(key__startswith=key).order_by("key")[:SUGGESTED])
    if len(found) < SUGGESTED:
        known = [tag.pk for tag in found]
        found += Tag.objects.filter(key__contains=key).exclude(pk__in=known).order_by("key")[: SUGGESTED - len(found)]
    return found
