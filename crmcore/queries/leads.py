"""Leads as lists: views by what is owed, pages by key; and other leads that look like one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore import search_keys
from crmcore.duplicates import Reason
from crmcore.models import Lead, LeadState, User
from crmcore.queries.customers import matching

PAGE = 50
MOST_TWINS = 3
# View: its name and icon.
VIEWS: dict[str, tuple[Promise, str]] = {
    "mine": (_("My leads"), "icon:user-check"),
    "today": (_("Due today"), "icon:calendar"),
    "overdue": (_("Overdue"), "icon:alert-triangle"),
    "all": (_("All open leads"), "icon:users"),
    "unsigned": (_("Not signed"), "icon:signature"),
    "nobody": (_("Without owner"), "icon:user-question"),
    "ended": (pgettext_lazy("leads", "Ended"), "icon:archive"),
}


@dataclass(frozen=True)
class LeadPage:
    rows: list[Lead]
    after: int | None = None


@dataclass(frozen=True)
class Twin:
    """Another open lead with the same number, address or name."""

    lead: Lead
    reasons: list[Reason]


def page_of_leads(
    user: User, view: str, now: datetime, *, grade: int | None = None, words: str = "", after: int | None = None
) -> LeadPage:
    """The leads of a view that `user` may see, what is owed first and what ended last first, from behind a key."""
    rows = matching(in_view(user, view, now), words)
    if grade:
        rows = rows.filter(grade=grade)
    ended = view == "ended"
    column = "closed_at" if ended else "due_at"
    key = Lead.objects.filter(pk=after or 0).values_list(column, "pk").first()
    if key is not None and key[0] is not None:
        sign = "lt" if ended else "gt"
        moment = Q(**{f"{column}__{sign}": key[0]}) | Q(**{column: key[0], f"pk__{sign}": key[1]})
        rows = rows.filter(moment)
    order = (f"-{column}", "-pk") if ended else (column, "pk")
    found = list(rows.select_related("owner", "grade", "source", "product").order_by(*order)[: PAGE + 1])
    return LeadPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def in_view(user: User, view: str, now: datetime) -> QuerySet[Lead]:
    """The leads of a view; "today" ends with the reader's day and holds what is overdue too, of their own."""
    rows: QuerySet[Lead] = Lead.objects.visible_to(user)
    if view == "ended":
        return rows.exclude(state=LeadState.OPEN)
    rows = rows.filter(state=LeadState.OPEN)
    if view == "mine":
        return rows.filter(owner=user)
    if view == "today":
        return rows.filter(owner=user, due_at__lt=end_of_day(now))
    if view == "overdue":
        return rows.filter(due_at__lte=now)
    if view == "unsigned":
        return rows.filter(signed_at=None)
    return rows.filter(owner=None) if view == "nobody" else rows


def end_of_day(now: datetime) -> datetime:
    """The last moment of the reader's day."""
    return timezone.localtime(now).replace(hour=23, minute=59, second=59, microsecond=0)


def twins_of(
    user: User, *, name: str, employer: str = "", phone: str = "", email: str = "", besides: int | None = None
) -> list[Twin]:
    """Open leads that may be the same prospect, by number and address as they are compared, then by name."""
    same = Q(pk__in=[])
    if phone:
        same |= Q(phone_value=phone)
    if email:
        same |= Q(email_value=email)
    keys = [f"={core}" for one in (name, employer) if (core := search_keys.company_core(one))]
    if keys:
        same |= Q(search_keys__overlap=keys)
    rows = Lead.objects.visible_to(user).filter(same, state=LeadState.OPEN).exclude(pk=besides or 0)
    found = [Twin(lead, _reasons(lead, keys, phone, email)) for lead in rows.select_related("owner")[:20]]
    return sorted(found, key=lambda twin: -sum(reason.points for reason in twin.reasons))[:MOST_TWINS]


def _reasons(lead: Lead, keys: list[str], phone: str, email: str) -> list[Reason]:
    evidence = {
        Reason.PHONE: bool(phone) and lead.phone_value == phone,
        Reason.EMAIL: bool(email) and lead.email_value == email,
        Reason.NAME: bool(set(keys) & set(lead.search_keys)),
    }
    return [reason for reason, holds in evidence.items() if holds]
