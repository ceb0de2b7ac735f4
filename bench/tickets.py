"""Lists, a ticket, search, opening and changing a ticket, among ten thousand tickets and among many more."""

import argparse
from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.utils.http import urlencode

from bench.desk_rows import ENTRIES, furnish, grow_to
from bench.figures import Figure, Times, timed
from bench.listeners import LISTENERS, status_changes
from crmcore.models import LiveEvent, Queue, User
from tickets.actions.lifecycle import open_ticket
from tickets.models import SavedView, Ticket, TicketType
from tickets.queries.columns import USUAL

SMALL = 10_000
RUNS = 11
VIEWS = 30
# Lists that no index answers alone.
AWKWARD: dict[str, dict[str, Any]] = {
    "open complaints of level A": {"all": [["active", "yes", None], ["grade", "is", ["A"]]]},
    "all by words in the subject": {"all": [["subject", "contains", "发票"]]},
    "closed, urgent, by phone": {
        "all": [["active", "no", None], ["priority", "is", ["urgent"]], ["channel", "is", ["call"]]]
    },
    "nothing fits": {"all": [["subject", "contains", "no such words"]]},
}
SEARCHED = {"two Chinese characters": "发票", "Latin words": "machine stops", "number": "P-471"}


def run(options: argparse.Namespace) -> Iterator[Figure]:
    users = furnish()
    views = {name: _view(name, conditions) for name, conditions in AWKWARD.items()}
    first: dict[str, float] = {}
    for size in sorted({SMALL, max(SMALL, options.tickets)}):
        grow_to(size)
        yield Figure("tickets", size, "", f"{size * ENTRIES:,} entries")
        for what, times in _measured(users, views):
            growth = times.median / first.setdefault(what, times.median)
            yield Figure(what, times.median, "ms", f"p95 {times.p95:.0f} ms, {growth:.1f} x of the smallest")


def _measured(users: dict[str, User], views: dict[str, SavedView]) -> Iterator[tuple[str, Times]]:
    for who, user in users.items():
        client = Client()
        client.force_login(user)
        for view in SavedView.objects.exclude(code=None):
            yield f"{who}: {view.name}", _list(client, view=view.key)
        for name, view in views.items():
            yield f"{who}: {name}", _list(client, view=view.key, sort="latest")
        for name, words in SEARCHED.items():
            yield f"{who}: search, {name}", _list(client, q=words)
        yield f"{who}: views with counts", timed(lambda client=client: _shown(client, "/tickets/views/"), RUNS)
        ticket = Ticket.objects.visible_to(user).filter(is_active=True)[0].get_absolute_url()
        yield f"{who}: a ticket", timed(lambda client=client, ticket=ticket: _shown(client, ticket), RUNS)
    yield from _changes(users["agent"])


def _changes(agent: User) -> Iterator[tuple[str, Times]]:
    queue, kind = Queue.objects.filter(memberships__user=agent)[0], TicketType.objects.all()[0]
    opened: list[Ticket] = []

    def open_one() -> None:
        facts = {"account": None, "contact": None, "channel": "call", "body": "E3"}
        opened.append(open_ticket(by=agent, subject="发票 E3", type=kind, queue=queue, **facts))

    yield "open a ticket", timed(open_one, RUNS)
    for place in range(SavedView.objects.count(), VIEWS):
        _view(f"view {place}", {"all": [["queue", "is", [queue.pk]], ["opened", "within", place + 1]]})

    committed, heard = status_changes(opened[0], agent)
    yield f"change a status with {VIEWS} views", committed
    yield f"… until the last of {LISTENERS} listeners has it", heard
    LiveEvent.objects.all().delete()


def _view(name: str, conditions: dict[str, Any]) -> SavedView:
    return SavedView.objects.create(name=name, conditions=conditions, columns=list(USUAL))


def _list(client: Client, **asked: str) -> Times:
    return timed(lambda: _shown(client, f"/tickets/?{urlencode(asked)}"), RUNS)


def _shown(client: Client, address: str) -> None:
    status = client.get(address).status_code
    if status != 200:
        raise RuntimeError(f"{address} answers with status {status}")
