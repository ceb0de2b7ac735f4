"""What a timeline says about fields that were filled in and stages that were passed, in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext, pgettext

from tickets.models.fields import in_reader_tongue
from tickets.queries.fields import said_on

ICONS = {
    "fields": "icon:forms",
    "stage": "icon:route",
    "stage_back": "icon:arrow-back-up",
    "stage_skipped": "icon:arrow-right",
    "stages_done": "icon:circle-check",
    "climbed": "icon:chevron-up",
    "handed_down": "icon:chevron-down",
}


def _filled(detail: dict[str, Any]) -> str:
    """Each field with what it said before and says now."""
    return pgettext("between parts", "; ").join(_change(change) for change in detail["changes"])


def _change(change: dict[str, Any]) -> str:
    words = {
        "field": in_reader_tongue(*change["name"]),
        "was": _value(change["was"]),
        "now": _value(change["now"]),
    }
    if change["now"] is None:
        return gettext("emptied %(field)s, which was %(was)s") % words
    if change["was"] is None:
        return gettext("set %(field)s to %(now)s") % words
    return gettext("changed %(field)s from %(was)s to %(now)s") % words


def _value(said: list[str] | str | None) -> str:
    return said_on(said) if isinstance(said, str) else in_reader_tongue(*said) if said else ""


def _entered(detail: dict[str, Any]) -> str:
    words = {"stage": in_reader_tongue(*detail["now"])}
    if detail["team"]:
        words["team"] = in_reader_tongue(*detail["team"])
        return gettext("began the stage %(stage)s with %(team)s") % words
    return gettext("began the stage %(stage)s") % words


EVENTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "fields": _filled,
    "stage": _entered,
    "stage_back": lambda d: gettext("sent this back from %(stage)s") % {"stage": in_reader_tongue(*d["was"])},
    "stage_skipped": lambda d: gettext("skipped the stage %(stage)s") % {"stage": in_reader_tongue(*d["was"])},
    "stages_done": lambda d: gettext("finished the last stage"),
    "climbed": lambda d: gettext("handed this up to %(team)s") % {"team": in_reader_tongue(*d["now"])},
    "handed_down": lambda d: gettext("handed this down to %(team)s") % {"team": in_reader_tongue(*d["now"])},
}
