"""Template tags every page is built from: icons, avatars, clocks, times, amounts."""

from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from crmcore import clock as desk_clock
from crmcore import phone_numbers
from crmcore.models import ContactPoint
from crmcore.views.requests import moment_of
from servicedesk import wording

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A Tabler outline icon from the sprite; size "", "sm" or "lg".

    Python spells the name with the prefix "icon:", by which the build finds it.
    """
    extra = f" sd-i--{size}" if size else ""
    href = f"{static('dist/icons.svg')}#i-{name.removeprefix('icon:')}"
    return format_html('<svg class="sd-i{}" aria-hidden="true"><use href="{}"/></svg>', extra, href)


@register.simple_tag
def avatar(name: str, kind: str = "person", size: str = "", seed: object = None) -> SafeString:
    """Initials on a quiet ground; kind "person" or "org", size "", "sm" or "lg"; seed is the record's id."""
    classes = [f"sd-av--{wording.tint(seed if seed is not None else name)}"]
    classes += ["sd-av--org"] if kind in {"org", "company"} else []
    classes += [f"sd-av--{size}"] if size else []
    letters = wording.initials(name, small=size == "sm")
    return format_html('<span class="sd-av {}" aria-hidden="true">{}</span>', " ".join(classes), letters)


@register.filter
def clock(moment: datetime | None) -> str:
    """Time of day in the reader's zone: 15:23."""
    return timezone.localtime(moment).strftime("%H:%M") if moment else ""


@register.filter
def day(moment: datetime | None) -> str:
    """The date in the reader's zone and language: 19 Nov 2026, 2026年11月19日."""
    return _date(moment, "Y年n月j日" if _chinese() else "j M Y") if moment else ""


@register.filter
def named_day(moment: datetime | date) -> str:
    """A day of about now with its weekday, in the reader's zone and language: Thu 19 Nov, 11月19日 周四."""
    return _date(moment, "n月j日 D").replace("星期", "周") if _chinese() else _date(moment, "D j M")


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None) -> str:
    """A past or coming moment as people say it: Today 15:23, Yesterday 17:20, Thu 19 Nov 09:12."""
    if moment is None:
        return ""
    local, today = timezone.localtime(moment), timezone.localtime(now_of(context)).date()
    named = {0: gettext("Today"), -1: gettext("Yesterday"), 1: gettext("Tomorrow")}.get((local.date() - today).days)
    if named:
        return f"{named} {clock(moment)}"
    if local.year != today.year:
        return day(moment)
    return f"{named_day(moment)} {clock(moment)}"


@register.simple_tag
def ticking(moment: datetime | None, way: str = "up", css: str = "sd-num") -> SafeString | str:
    """A clock drawn in the browser: way "up" counts from the moment, "down" to it, "left" in words to it."""
    if moment is None:
        return ""
    return format_html(
        '<time class="{}" role="timer" data-clock="{}" datetime="{}"></time>', css, way, moment.isoformat()
    )


@register.filter
def duration(seconds: float | timedelta | None) -> str:
    """Seconds as a clock reading: 3:05."""
    return "" if seconds is None else wording.duration(_seconds(seconds))


@register.filter
def span(seconds: float | timedelta | None) -> str:
    """Seconds in words: 22 min, 3 h 10, 1 d 4 h."""
    return "" if seconds is None else wording.span(_seconds(seconds))


@register.simple_tag
def money(minor: int | None, currency: str) -> str:
    """Integer minor units with the currency's sign."""
    return "" if minor is None else wording.money(minor, currency)


@register.filter
def reach(point: ContactPoint) -> str:
    """A contact point as people write it: numbers spaced, everything else as it was given."""
    is_number = point.kind in {ContactPoint.Kind.PHONE, ContactPoint.Kind.FAX}
    return phone_numbers.pretty(point.value) if is_number else point.raw


@register.filter
def tongue(text: object) -> str:
    """Language code of a name for its lang attribute: zh when it has Chinese characters, else en."""
    return "zh" if wording.has_han(str(text)) else "en"


@register.filter
def share(part: float, whole: float) -> int:
    """Per cent of a whole between 0 and 100, for lengths in SVG attributes."""
    return 0 if not whole else min(100, max(0, round(100 * part / whole)))


@register.simple_tag
def share_text(value: float) -> str:
    """A share from 0 to 1 in per cent with one decimal: 77.6 %."""
    return f"{100 * value:.1f} %"


@register.inclusion_tag("components/_sla_clock.html")
def sla_clock(state: str, seconds: float = 0, part: int = 0, *, words: bool = True, due: Any = None) -> dict[str, Any]:
    """Ring, time and word of an SLA clock.

    `state` is ok, soon, breach, met or paused; `seconds` is the time left, over or used; `part` the per cent left.
    With `due` (a datetime) the time goes on counting in the browser.
    """
    return {"state": state, "seconds": abs(seconds), "part": part, "words": words, "due": due}


def now_of(context: Context) -> datetime:
    """The moment at which the page is made."""
    request = getattr(context, "request", None)
    return moment_of(request) if request is not None else desk_clock.now()


def _seconds(value: float | timedelta) -> float:
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _date(moment: datetime | date, form: str) -> str:
    return str(date_format(timezone.localtime(moment) if isinstance(moment, datetime) else moment, form))
