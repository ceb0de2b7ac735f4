"""Everything that happened with a customer, newest first, page by key."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.models import User
from servicedesk.console.customer import Customer
from tickets.models import Interaction

PAGE = 20
GROUPS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "all": (_("Everything"), ()),
    "calls": (_("Calls"), (Interaction.Channel.CALL,)),
    "messages": (_("Messages"), ("email", "portal", "sms", "whatsapp", "wechat", "chat")),
    "notes": (_("Notes"), (Interaction.Channel.NOTE,)),
}


@dataclass(frozen=True)
class History:
    """One page; `next_key` leads to the page before it in time."""

    entries: list[Interaction]
    next_key: str
    group: str


def history_of(customer: Customer, user: User, *, group: str = "all", key: str = "") -> History:
    """A page of what the reader may see; an unknown group is all, an unreadable key the newest page."""
    rows = Interaction.objects.visible_to(user).filter(customer.owns()).exclude(channel=Interaction.Channel.SYSTEM)
    group = group if group in GROUPS else "all"
    channels = GROUPS[group][1]
    if channels:
        rows = rows.filter(channel__in=channels)
    before = _read(key)
    if before is not None:
        moment, pk = before
        rows = rows.filter(Q(occurred_at__lt=moment) | Q(occurred_at=moment, pk__lt=pk))
    found = list(rows.select_related("by", "contact", "ticket").order_by("-occurred_at", "-pk")[: PAGE + 1])
    shown = found[:PAGE]
    next_key = f"{shown[-1].occurred_at.isoformat()}~{shown[-1].pk}" if len(found) > PAGE else ""
    return History(shown, next_key, group)


def _read(key: str) -> tuple[datetime, int] | None:
    moment, _mark, pk = key.partition("~")
    try:
        return datetime.fromisoformat(moment), int(pk)
    except ValueError:
        return None
