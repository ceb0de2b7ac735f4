"""Server time and statements of the pages that are open all day, on demo data, without the network."""

import argparse
from collections.abc import Iterator

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.figures import Figure, timed
from crmcore.models import Account, User
from tickets.models import Ticket

RUNS = 25


def run(options: argparse.Namespace) -> Iterator[Figure]:
    call_command("demo", "load", "--force")
    account = Account.objects.get(name="Port Ellery Logistics")
    ticket = Ticket.objects.visible_to(User.objects.get(username="agent1")).order_by("pk")[0]
    pages = {
        "console": ("agent1", "/console/"),
        "customer 360": ("agent1", f"/crm/accounts/{account.pk}/"),
        "ticket list": ("agent1", "/tickets/?view=open"),
        "ticket page": ("agent1", f"/tickets/{ticket.number}/"),
        "live board": ("supervisor1", "/supervisor/"),
    }
    for name, (who, address) in pages.items():
        client = Client()
        client.force_login(User.objects.get(username=who))
        statements = _statements(client, address)
        times = timed(lambda client=client, address=address: client.get(address), RUNS)
        yield Figure(name, times.median, "ms", f"p95 {times.p95:.0f} ms, {statements} statements")


def _statements(client: Client, address: str) -> int:
    """How many statements one view of the page costs. Raises RuntimeError when it is not shown."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        status = client.get(address).status_code
        # Counted at once: the next request empties the log.
        count = len(queries)
    if status != 200:
        raise RuntimeError(f"{address} answers with status {status}")
    return count
