"""Filters of the one box as conditions on tickets: values are codes, or names in either language as they begin."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from servicedesk.search.written import Written
from tickets.models import Ticket
from tickets.queries.condition_fields import Field, field_called

PLACES = ("tickets", "customers", "articles")
_PLACE_WORDS = {"ticket": "tickets", "工单": "tickets", "customer": "customers", "客户": "customers"}
_PLACE_WORDS |= {"article": "articles", "文章": "articles", "知识": "articles"}
# Name of a filter to the field of conditions that it asks.
_FIELDS = {
    "type": "type",
    "status": "status",
    "owner": "assignee",
    "queue": "queue",
    "priority": "priority",
    "channel": "channel",
    "tag": "tags",
    "stage": "stage",
    "level": "grade",
}
_LABELS: dict[str, Promise] = {
    "after": gettext_lazy("Opened after"),
    "before": gettext_lazy("Opened before"),
    "customer": gettext_lazy("Customer"),
    "in": gettext_lazy("Only in"),
    "is": gettext_lazy("Only"),
}
_STATES: dict[str, tuple[Promise, list[Any]]] = {
    "open": (gettext_lazy("open"), ["active", "yes", None]),
    "closed": (gettext_lazy("closed"), ["active", "no", None]),
    "overdue": (gettext_lazy("overdue"), ["sla", "is", [Ticket.SlaState.BREACHED]]),
    "waiting": (gettext_lazy("waiting for us"), ["waiting_on", "is", [Ticket.WaitingOn.US]]),
    "unassigned": (gettext_lazy("nobody's"), ["assignee", "empty", None]),
}
_STATE_WORDS = {"未结": "open", "已结": "closed", "超时": "overdue", "等待": "waiting", "未分派": "unassigned"}
_LANGUAGES = ("en", "zh-hans")


@dataclass(frozen=True)
class Chip:
    """One filter as it was understood, and the text without it. A problem says why it is left out."""

    label: str
    value: str
    without: str
    problem: str = ""


@dataclass
class Asked:
    """Conditions on tickets with the days between which they were opened, where to look, and the chips."""

    conditions: list[list[Any]] = field(default_factory=list)
    days: Q = field(default_factory=Q)
    places: set[str] = field(default_factory=set)
    chips: list[Chip] = field(default_factory=list)


def understood(written: Written) -> Asked:
    """Every filter, understood or left out with a reason."""
    asked = Asked()
    for name, value in written.filters:
        label, shown, problem = _READERS.get(name, _by_field)(asked, name, value)
        asked.chips.append(Chip(label, shown, written.without(name, value), problem))
    return asked


def _by_field(asked: Asked, name: str, value: str) -> tuple[str, str, str]:
    if name == "status" and _state(value):
        return _is(asked, name, value)
    known = field_called(_FIELDS[name])
    assert known is not None
    found = _chosen(known, value)
    if not found:
        return str(known.label), value, _("There is no “%(value)s”.") % {"value": value}
    asked.conditions.append([known.code, "is", [choice for choice, _label in found]])
    return str(known.label), _(" or ").join(label for _choice, label in found), ""


def _chosen(known: Field, value: str) -> list[tuple[Any, str]]:
    """The choices that are called so in either language; else those whose name begins so."""
    wanted, present = value.casefold(), dict(known.choices())
    names: dict[Any, set[str]] = {choice: {str(choice).casefold()} for choice in present}
    for language in _LANGUAGES:
        with override(language):
            for choice, label in known.choices():
                names[choice].add(label.casefold())
    exact = [choice for choice, called in names.items() if wanted in called]
    begins = [choice for choice, called in names.items() if any(one.startswith(wanted) for one in called)]
    return [(choice, present[choice]) for choice in exact or begins]


def _is(asked: Asked, name: str, value: str) -> tuple[str, str, str]:
    state = _state(value)
    if not state:
        return str(_LABELS["is"]), value, _("There is no “%(value)s”.") % {"value": value}
    label, condition = _STATES[state]
    asked.conditions.append(condition)
    return str(_LABELS["is"]), str(label), ""


def _state(value: str) -> str:
    code = _STATE_WORDS.get(value, value.casefold())
    return code if code in _STATES else ""


def _customer(asked: Asked, name: str, value: str) -> tuple[str, str, str]:
    asked.conditions.append(["customer", "contains", value])
    return str(_LABELS["customer"]), value, ""


def _place(asked: Asked, name: str, value: str) -> tuple[str, str, str]:
    place = _PLACE_WORDS.get(value.casefold(), value.casefold())
    if place not in PLACES:
        return str(_LABELS["in"]), value, _("There is no “%(value)s”.") % {"value": value}
    asked.places.add(place)
    return str(_LABELS["in"]), value, ""


def _day(asked: Asked, name: str, value: str) -> tuple[str, str, str]:
    try:
        moment = timezone.make_aware(datetime.combine(date.fromisoformat(value), time.min))
    except (ValueError, OverflowError):
        return str(_LABELS[name]), value, _("Write a day, as in 2026-05-31.")
    asked.days &= Q(opened_at__gte=moment) if name == "after" else Q(opened_at__lt=moment)
    return str(_LABELS[name]), value, ""


_READERS: dict[str, Callable[[Asked, str, str], tuple[str, str, str]]] = {
    "is": _is,
    "customer": _customer,
    "in": _place,
    "after": _day,
    "before": _day,
}
