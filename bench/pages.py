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
    ticket = Ticket.objects.filter(account=account).first()
    assert ticket is not None
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
        with CaptureQueriesContext(connection) as queries:
            status = client.get(address, follow=False).status_code
        times = timed(lambda client=client, address=address: client.get(address), RUNS)
        note = f"p95 {times.p95:.0f} ms, {len(queries)} statements" + ("" if status == 200 else f", status {status}")
        yield Figure(name, times.median, "ms", note)
