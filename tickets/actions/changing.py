"""The frame of every change of a ticket: lock the row, change it, cache its clocks, tell the screens."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crmcore import live
from crmcore.clock import now
from crmcore.events import BoardChanged
from crmcore.models import User
from tickets.actions.approvals import outdate_approvals
from tickets.actions.automation import follow_rules
from tickets.actions.clocks import close_ledger, write_ledgers
from tickets.actions.moves import WrongMove
from tickets.actions.sla import cache_headline, terms_changed
from tickets.actions.telling import ticket_changed
from tickets.events import ViewChanged
from tickets.models import Category, Interaction, SavedView, Ticket
from tickets.queries.merged import survivor_of
from tickets.queries.saved_views import changed_key, views_holding

# The search index grows by statements of its own and is never written back.
_SAVED = [field.name for field in Ticket._meta.concrete_fields if field.name not in ("id", "search")]
# These follow from what happens; policies are asked again when anything else changes.
_FOLLOWING = frozenset({"id", "search", "seq", "last_event_at", "first_reply_at", "last_reply_at", "solved_at"}) | {
    *("closed_at", "confirmed_at", "withdrawn_at", "waiting_on", "is_active", "sla_due_at", "sla_state", "sla_metric"),
    *("rating", "rating_comment", "rated_at"),
}
_ASKED = [column.attname for column in Ticket._meta.concrete_fields if column.name not in _FOLLOWING]


class StaleTicket(Exception):
    """Something happened on the ticket after the reader last saw it."""


class MergedAway(WrongMove):
    """The ticket went into another one, where its story goes on."""

    def __init__(self, into: Ticket) -> None:
        super().__init__(_("This ticket was merged into %(number)s. Change that one.") % {"number": into.number})
        self.into = into


@dataclass(frozen=True)
class Standing:
    """Who listened to a ticket before it changed: they must learn that it left them; `facts` is what policies ask."""

    queue_id: int
    assignee_id: int | None
    sla_state: str
    is_active: bool
    seq: int
    views: frozenset[int]
    facts: tuple[Any, ...]

    @property
    def board(self) -> tuple[int, int | None, str, bool]:
        """What the supervisors' board counts by."""
        return self.queue_id, self.assignee_id, self.sla_state, self.is_active

    @classmethod
    def of(cls, ticket: Ticket, views: Iterable[SavedView]) -> "Standing":
        held = views_holding(ticket, views, now())
        state, facts = ticket.sla_state, _facts(ticket)
        return cls(ticket.queue_id, ticket.assignee_id, state, ticket.is_active, ticket.seq, held, facts)


@contextmanager
def changing(ticket: Ticket, *, seen_seq: int | None = None, by: User | None = None) -> Iterator[Ticket]:
    """Yield the locked, fresh ticket; save and announce it at the end. Not to be nested for one ticket.

    Raises StaleTicket when somebody but `by` wrote or changed something after `seen_seq`, MergedAway for one that went
    into another.
    """
    with transaction.atomic():
        locked = lock(ticket)
        if locked.status.category == Category.VOID and (into := survivor_of(locked)) != locked:
            raise MergedAway(into)
        if seen_seq is not None and unseen_words(locked, seen_seq, by).exists():
            raise StaleTicket(locked.number)
        views = saved_views()
        before = Standing.of(locked, views)
        yield locked
        finish(locked, before, views)


def lock(ticket: Ticket) -> Ticket:
    """The ticket, fresh and nobody else's until the transaction ends."""
    # Locked apart from its joins: a row whose status changed while we waited would join to nothing.
    Ticket.objects.select_for_update().values("pk").get(pk=ticket.pk)
    return whole_tickets().get(pk=ticket.pk)


def whole_tickets() -> QuerySet[Ticket]:
    """Tickets with all that a change of them reads."""
    rows = Ticket.objects.select_related("status", "type", "queue__team", "assignee", "account", "contact")
    return rows.defer("search")


def unseen(ticket: Ticket, seen_seq: int, by: User | None) -> QuerySet[Interaction]:
    """What others entered after the reader last looked."""
    rows = ticket.interactions.filter(seq__gt=seen_seq)
    return rows.exclude(by=by) if by else rows


def unseen_words(ticket: Ticket, seen_seq: int, by: User | None) -> QuerySet[Interaction]:
    """What other people entered after the reader last looked: a clock or a rule of the desk interrupts no writer."""
    return unseen(ticket, seen_seq, by).exclude(channel=Interaction.Channel.SYSTEM, by=None)


def saved_views() -> list[SavedView]:
    """All saved views, read once for all that a transaction changes."""
    return list(SavedView.objects.only("conditions"))


def finish(ticket: Ticket, before: Standing | None, views: Iterable[SavedView]) -> None:
    """Let the rules answer, save the changed ticket with its clocks and announce it."""
    finish_all([(ticket, before)], views)


def finish_all(changed: Sequence[tuple[Ticket, Standing | None]], views: Iterable[SavedView]) -> None:
    """`finish` for several tickets: their clocks and the news of them are written together."""
    for ticket, before in changed:
        facts = _settle(ticket, before.facts if before else _facts(ticket))
        if follow_rules(ticket, since=before.seq if before else 0, sla_state_before=before.sla_state if before else ""):
            _settle(ticket, facts)
    write_ledgers(ticket for ticket, _before in changed)
    for ticket, _before in changed:
        close_ledger(ticket)
        ticket.save(update_fields=_SAVED)
    announce_all(changed, views)


def announce(ticket: Ticket, before: Standing | None, views: Iterable[SavedView]) -> None:
    """Tell everyone who watches a changed ticket, or watched it before."""
    announce_all([(ticket, before)], views)


def announce_all(changed: Sequence[tuple[Ticket, Standing | None]], views: Iterable[SavedView]) -> None:
    """`announce` for several tickets, in one statement."""
    news: list[tuple[str, live.Event]] = []
    affected: set[int] = set()
    for ticket, before in changed:
        after, event = Standing.of(ticket, views), ticket_changed(ticket)
        news += [(topic, event) for topic in sorted(_topics(ticket, before))]
        affected |= after.views | (before.views if before else frozenset())
        if before is None or before.board != after.board:
            news.append(("board", BoardChanged()))
    news += [(f"view:{view_id}", ViewChanged(view_id=view_id)) for view_id in sorted(affected)]
    live.publish_all(news)
    transaction.on_commit(partial(_count_again, affected), robust=True)


def _settle(ticket: Ticket, before: tuple[Any, ...]) -> tuple[Any, ...]:
    """Ask the policies again where they may say otherwise, and bring the columns up to date that follow from others."""
    if (facts := _facts(ticket)) != before:
        terms_changed(ticket)
        outdate_approvals(ticket, now())
    cache_headline(ticket)
    ticket.is_active = ticket.status.is_active
    return facts


def _facts(ticket: Ticket) -> tuple[Any, ...]:
    # Own fields lie in one dictionary, which may be changed in place.
    return tuple(dict(value) if isinstance(value := getattr(ticket, name), dict) else value for name in _ASKED)


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
