"""Words and measures of a player."""

import json
from datetime import date, datetime

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from telephony.models import KeptSound, Recording
from telephony.queries.marks import Mark, MarkKind
from telephony.queries.sounds import Player

register = template.Library()

NARROWEST = 0.6
_MARKS = {
    MarkKind.HOLD: gettext_lazy("On hold"),
    MarkKind.PAUSE: gettext_lazy("Recording paused"),
    MarkKind.NOTE: gettext_lazy("Note"),
}


@register.filter
def as_json(value: object) -> str:
    """A list as an attribute can hold it."""
    return json.dumps(value, separators=(",", ":"))


@register.filter
def unlocalised(value: float) -> str:
    """A number as scripts read it."""
    return f"{value:g}"


@register.filter
def place(seconds: float, whole: float) -> str:
    """Where a moment lies in per cent of the whole."""
    return f"{_share(seconds, whole):.2f}"


@register.filter
def breadth(mark: Mark, whole: float) -> str:
    """How broad a stretch is in per cent of the whole; a moment is a line."""
    share = _share((mark.end_s or mark.start_s) - mark.start_s, whole)
    return f"{max(NARROWEST, share):.2f}"


@register.filter
def clock_s(moment: datetime) -> str:
    """Time of day with its seconds in the reader's zone: 15:23:08."""
    return localtime(moment).strftime("%H:%M:%S")


@register.filter
def plain_day(day: date) -> str:
    """A date in the reader's language."""
    return date_format(day, "DATE_FORMAT")


@register.simple_tag
def sound_url(sound: KeptSound, what: str) -> str:
    """The address of a command about a sound: hold or delete."""
    return reverse(f"telephony:{sound.kind}_{what}", args=[sound.pk])


@register.simple_tag
def mark_name(mark: Mark) -> str:
    """What happened."""
    if mark.kind == MarkKind.TRANSFER:
        return _("%(name)s joined") % {"name": mark.name}
    return str(_MARKS[mark.kind])


@register.simple_tag
def player_name(player: Player) -> str:
    """What is played: a message, a recording, or one of its parts and who spoke in it."""
    if not isinstance(player.sound, Recording):
        return _("Message, %(at)s") % {"at": _moment(player.sound.received_at)}
    if player.parts > 1:
        facts = {"part": player.part, "parts": player.parts, "name": player.who}
        return _("Recording %(part)d of %(parts)d, %(name)s") % facts
    return _("Recording, %(name)s") % {"name": player.who} if player.who else _("Recording")


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


def _share(part: float, whole: float) -> float:
    return min(100.0, max(0.0, 100 * part / whole)) if whole else 0.0
