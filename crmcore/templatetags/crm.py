"""How customers' names, numbers, addresses and dates are shown."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from crmcore import person_names, phone_numbers
from crmcore.account_sections import sections_of
from crmcore.lunar import lunar_text
from crmcore.models import Account, Contact, ContactPoint, ImportantDate
from crmcore.money import from_minor, to_minor
from crmcore.permissions import may

register = template.Library()

_ANY_LEAP_YEAR = 2024


_ICONS = {
    "phone": "icon:phone",
    "email": "icon:mail",
    "wechat": "icon:brand-wechat",
    "wecom": "icon:brand-wechat",
    "qq": "icon:message-circle",
    "fax": "icon:printer",
}


@register.filter
def phone(value: str) -> str:
    """A stored number as people write it."""
    return phone_numbers.pretty(value)


@register.filter
def point_text(point: ContactPoint) -> str:
    """A way to reach a customer as people write it, with the extension that was typed."""
    if point.kind not in {ContactPoint.Kind.PHONE, ContactPoint.Kind.FAX}:
        return point.raw
    return phone_numbers.pretty(point.value, extension=phone_numbers.normalise(point.raw).extension)


@register.filter
def point_icon(point: ContactPoint) -> str:
    """The icon of a way to reach a customer."""
    return _ICONS[point.kind]


@register.filter
def short_date(day: date | None) -> str:
    """A date of this year or the next, as on a card: 5 Feb, 2月5日."""
    if day is None:
        return ""
    chinese = (get_language() or "").startswith("zh")
    return date_format(day, "n月j日" if chinese else "j M")


@register.filter
def dated(day: date | None) -> str:
    """A date without a time: 19 Nov 2026, 2026年11月19日."""
    if day is None:
        return ""
    chinese = (get_language() or "").startswith("zh")
    return date_format(day, "Y年n月j日" if chinese else "j M Y")


@register.filter
def lunar(row: ImportantDate) -> str:
    """A day of the Chinese calendar as it is written there: 八月十五."""
    return lunar_text(row.month, row.day, leap=row.is_leap_month)


@register.filter
def solar(row: ImportantDate) -> str:
    """A day of every year: 5 Feb, 2月5日."""
    return short_date(date(_ANY_LEAP_YEAR, row.month, row.day))


@register.filter
def whole(minor: int, currency: str) -> int:
    """Minor units without the cents, for estimates."""
    return to_minor(Decimal(int(from_minor(minor, currency))), currency)


@register.filter
def figures(minor: int, currency: str) -> str:
    """An amount with all its decimals and without a sign, as in a column: 12,345.60."""
    return f"{from_minor(minor, currency):,}"


@register.filter
def percent(rate: int) -> str:
    """Hundredths of a percent: 13 %, 7.5 %."""
    return f"{rate / 100:g} %"


@register.filter
def plain(number: Decimal) -> str:
    """A quantity without the zeros behind its point."""
    return f"{number.normalize():f}"


@register.filter
def localday(moment: datetime) -> date:
    """The day of a moment in the reader's zone."""
    return timezone.localtime(moment).date()


@register.filter
def month_name(moment: datetime) -> str:
    """The month of a moment in the reader's zone: November, 11月."""
    return date_format(timezone.localtime(moment), "F")


@register.filter
def spoken(name: str) -> str:
    """A Chinese person's name in pinyin, empty for others."""
    return person_names.pinyin(name)


@register.filter
def first_account(contact: Contact) -> Account | None:
    """The account a contact belongs to first of all, from prefetched memberships."""
    memberships = list(contact.memberships.all())
    return memberships[0].account if memberships else None


@register.inclusion_tag("crmcore/_account_head.html", takes_context=True)
def account_head(context: Context, account: Account) -> dict[str, Any]:
    """The name of a customer and the row of their pages."""
    request = context["request"]
    pages = [(section.label, reverse(section.url_name, args=[account.pk])) for section in sections_of(request.user)]
    is_free = account.owner_id is None and account.merged_into_id is None
    may_claim = is_free and may(request.user, "account", "edit")
    return {"account": account, "pages": pages, "path": request.path, "may_claim": may_claim}
