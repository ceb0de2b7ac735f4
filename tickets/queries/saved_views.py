"""Which saved views a person has, which of them hold a ticket, and how many tickets each holds."""

import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet

from crmcore.models import User
from crmcore.permissions import Scope, may, scope_of
from tickets.models import SavedView, Ticket
from tickets.queries.conditions import for_anybody, holds, matching, speaks_of_reader

# Counted no further: nobody reads beyond it, and the count stays cheap.
COUNTED_TO = 99
# Conditions on moments change without any event.
COUNT_HOLDS_S = 60


def views_of(user: User) -> QuerySet[SavedView]:
    """The person's own views, those of their teams and of the teams above, and everybody's."""
    above = {int(pk) for path in user.teams.values_list("path", flat=True) for pk in path.split("/") if pk}
    return SavedView.objects.filter(Q(owner=user) | Q(team__in=above) | Q(owner=None, team=None))


def may_change(user: User, view: SavedView) -> bool:
    """Own views; a team's leader that team's; who may change the settings all that are shared."""
    if view.owner_id is not None:
        return view.owner_id == user.pk
    if may(user, "settings", "edit"):
        return True
    return view.team_id is not None and user.led_teams.filter(pk=view.team_id).exists()


def tickets_in(view: SavedView, user: User, now: datetime) -> QuerySet[Ticket]:
    """The tickets of a view that the reader may see."""
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(user).filter(matching(view.conditions, now=now, me=user))
    return rows


def views_holding(ticket: Ticket, views: Iterable[SavedView], now: datetime) -> frozenset[int]:
    """The ids of the views that hold the ticket for some reader, computed once for all of them."""
    return frozenset(view.pk for view in views if holds(for_anybody(view.conditions), ticket, now=now))


def counts(views: Iterable[SavedView], user: User, now: datetime) -> dict[int, int]:
    """How many tickets each view holds for the reader, at most one more than `COUNTED_TO`.

    A count is kept until a ticket enters, leaves or changes within its view. All who see every ticket share it, unless
    the view speaks of its reader.
    """
    sees_all = scope_of(user, "ticket", "view") == Scope.ALL
    keys = {
        view: f"view-count:{view.pk}:{'all' if sees_all and not speaks_of_reader(view.conditions) else user.pk}"
        for view in views
    }
    known: dict[str, Any] = cache.get_many([*keys.values(), *(changed_key(view.pk) for view in keys)])
    started, found, fresh = time.time(), {}, {}
    for view, key in keys.items():
        number, counted_at = known.get(key, (0, 0.0))
        if counted_at <= known.get(changed_key(view.pk), 0.0):
            number = _count(view, user, now)
            fresh[key] = (number, started)
        found[view.pk] = number
    cache.set_many(fresh, COUNT_HOLDS_S)
    return found


def changed_key(view_id: int) -> str:
    """Where the cache keeps the moment of the last change within a view, in seconds since 1970."""
    return f"view-changed:{view_id}"


def _count(view: SavedView, user: User, now: datetime) -> int:
    return len(tickets_in(view, user, now).order_by().values_list("pk", flat=True)[: COUNTED_TO + 1])
