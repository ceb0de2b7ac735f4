"""The frame of every change of a ticket: lock the row, change it, cache its clocks, tell the screens."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crmcore import live
from crmcore.clock import now
from crmcore.events import BoardChanged
from crmcore.models import User
from tickets.actions.automation import follow_rules
from tickets.actions.moves import WrongMove
from tickets.actions.sla import cache_headline
from tickets.actions.telling import ticket_changed
from tickets.events import ViewChanged
from tickets.models import Category, Interaction, SavedView, Ticket
from tickets.queries.merged import survivor_of
from tickets.queries.saved_views import changed_key, views_holding

# The search index grows by statements of its own and is never written back.
_SAVED = [field.name for field in Ticket._meta.concrete_fields if field.name not in ("id", "search")]


class StaleTicket(Exception):
    """Something happened on the ticket after the reader last saw it."""


class MergedAway(WrongMove):
    """The ticket went into another one, where its story goes on."""

    def __init__(self, into: Ticket) -> None:
        super().__init__(_("This ticket was merged into %(number)s. Change that one.") % {"number": into.number})
        self.into = into


@dataclass(frozen=True)
class Standing:
    """Who listened to a ticket before it changed: they must learn that it left them."""

    queue_id: int
    assignee_id: int | None
    sla_state: str
    is_active: bool
    seq: int
    views: frozenset[int]

    @property
    def board(self) -> tuple[int, int | None, str, bool]:
        """What the supervisors' board counts by."""
        return self.queue_id, self.assignee_id, self.sla_state, self.is_active

    @classmethod
    def of(cls, ticket: Ticket, views: Iterable[SavedView]) -> "Standing":
        held = views_holding(ticket, views, now())
        return cls(ticket.queue_id, ticket.assignee_id, ticket.sla_state, ticket.is_active, ticket.seq, held)


@contextmanager
def changing(ticket: Ticket, *, seen_seq: int | None = None, by: User | None = None) -> Iterator[Ticket]:
    """Yield the locked, fresh ticket; save and announce it at the end. Not to be nested for one ticket.

    Raises StaleTicket when somebody but `by` wrote on the timeline after `seen_seq`, MergedAway for one that went
    into another.
    """
    with transaction.atomic():
        locked = lock(ticket)
        if locked.status.category == Category.VOID and (into := survivor_of(locked)) != locked:
            raise MergedAway(into)
        if seen_seq is not None and unseen(locked, seen_seq, by).exists():
            raise StaleTicket(locked.number)
        views = saved_views()
        before = Standing.of(locked, views)
        yield locked
        finish(locked, before, views)


def lock(ticket: Ticket) -> Ticket:
    """The ticket, fresh and nobody else's until the transaction ends."""
    # Locked apart from its joins: a row whose status changed while we waited would join to nothing.
    Ticket.objects.select_for_update().values("pk").get(pk=ticket.pk)
    rows = Ticket.objects.select_related("status", "type", "queue", "assignee", "account", "contact")
    return rows.defer("search").get(pk=ticket.pk)


def unseen(ticket: Ticket, seen_seq: int, by: User | None) -> QuerySet[Interaction]:
    """What others entered after the reader last looked."""
    rows = ticket.interactions.filter(seq__gt=seen_seq)
    return rows.exclude(by=by) if by else rows


def saved_views() -> list[SavedView]:
    """All saved views, read once for all that a transaction changes."""
    return list(SavedView.objects.only("conditions"))


def finish(ticket: Ticket, before: Standing | None, views: Iterable[SavedView]) -> None:
    """Let the rules answer, save the changed ticket and announce it."""
    _settle(ticket)
    if follow_rules(ticket, since=before.seq if before else 0, sla_state_before=before.sla_state if before else ""):
        _settle(ticket)
    ticket.save(update_fields=_SAVED)
    announce(ticket, before, views)


def announce(ticket: Ticket, before: Standing | None, views: Iterable[SavedView]) -> None:
    """Tell everyone who watches a changed ticket, or watched it before."""
    after = Standing.of(ticket, views)
    event = ticket_changed(ticket)
    affected = after.views | (before.views if before else frozenset())
    news: list[tuple[str, live.Event]] = [(topic, event) for topic in sorted(_topics(ticket, before))]
    news += [(f"view:{view_id}", ViewChanged(view_id=view_id)) for view_id in sorted(affected)]
    if before is None or before.board != after.board:
        news.append(("board", BoardChanged()))
    live.publish_all(news)
    transaction.on_commit(partial(_count_again, affected), robust=True)


def _settle(ticket: Ticket) -> None:
    """Bring the columns up to date that follow from others."""
    cache_headline(ticket)
    ticket.is_active = ticket.status.is_active


def _count_again(view_ids: Iterable[int]) -> None:
    cache.set_many(dict.fromkeys(map(changed_key, view_ids), time.time()))


def _topics(ticket: Ticket, before: Standing | None) -> set[str]:
    listening = [
        ("ticket", ticket.pk),
        ("queue", ticket.queue_id),
        ("queue", before and before.queue_id),
        ("agent", ticket.assignee_id),
        ("agent", before and before.assignee_id),
        ("account", ticket.account_id),
        ("contact", ticket.contact_id),
    ]
    return {f"{noun}:{key}" for noun, key in listening if key is not None}
