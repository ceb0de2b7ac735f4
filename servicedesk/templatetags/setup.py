"""What frames every page of the settings: the list of pages, and where in it we are."""

from datetime import date
from typing import Any

from django import template
from django.template import Context
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext

from crmcore.hours_text import write_hours
from crmcore.models import Team
from crmcore.special_days import SpecialDays
from crmcore.working_time import WEEKDAYS
from servicedesk.setup.catalogue import Catalogue
from servicedesk.setup.menu import grouped, pages_of
from servicedesk.setup.page import SettingsPage

register = template.Library()


@register.inclusion_tag("servicedesk/setup/_list.html", takes_context=True)
def settings_list(context: Context) -> dict[str, Any]:
    """The pages that open for the reader, the present one marked; no list for whoever has one page alone."""
    pages = pages_of(context["request"].user)
    return {"groups": grouped(pages) if len(pages) > 1 else [], "here": settings_page(context)}


@register.simple_tag(takes_context=True)
def settings_page(context: Context) -> SettingsPage | None:
    """The page of the menu at, or above, the present address."""
    path = context["request"].path
    return next((page for page in pages_of(context["request"].user) if path.startswith(page.url)), None)


@register.simple_tag
def catalogue_url(catalogue: Catalogue, act: str, entry: Any) -> str:
    """The address of a button beside an entry: `edit`, `move` or `retire`."""
    return catalogue.url(act, entry.pk)


@register.filter
def weekday(day: date) -> str:
    """A day with its weekday: Thu 1 Oct, 10月1日 周四."""
    chinese = (get_language() or "").startswith("zh")
    return date_format(day, "n月j日 D").replace("星期", "周") if chinese else date_format(day, "D j M")


@register.filter
def on_days(days: SpecialDays) -> str:
    """When special days are: Thu 1 Oct 2026 – Wed 7 Oct 2026, every year on 25 Dec."""
    chinese = (get_language() or "").startswith("zh")
    form = ("n月j日" if chinese else "j M") if days.yearly else ("Y年n月j日" if chinese else "j M Y")
    text = " – ".join(date_format(day, form) for day in dict.fromkeys((days.first, days.last)))
    return gettext("Every year: %(days)s") % {"days": text} if days.yearly else text


@register.filter
def worked_as(days: SpecialDays) -> str:
    """What is done on special days: closed, their hours, or the weekday that they are worked like."""
    if days.like:
        return gettext("Worked like a %(day)s") % {"day": DAY_NAMES[WEEKDAYS.index(days.like)]}
    return write_hours(days.hours) or pgettext("office", "Closed")


@register.filter
def open_hours(seconds: int) -> str:
    """A limit of open time, which has no days: 16 h, 1.5 h."""
    return gettext("%(hours)g h") % {"hours": round(seconds / 3600, 2)}


@register.filter
def tier_label(tier: str) -> str:
    return str(Team.Tier(tier).label) if tier in Team.Tier.values else "–"
