"""The ledger as a file: who may take it, what it holds, and that a changed line shows."""

import csv
import hashlib
import io

import pytest
from django.test import Client

from crmcore.models import AuditEntry
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tests.tickets.conftest import cast as cast
from tests.tickets.conftest import open_at as open_at

ADDRESS = "/supervisor/reports/ledger/"
MON = "2026-01-05T"


def taken(cast: Cast, who: str, **asked: str) -> list[dict[str, str]]:
    client = Client()
    client.force_login(getattr(cast, who))
    answer = client.get(ADDRESS, asked)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("who", ["mei", "zhao"])
def test_taking_the_ledger_is_a_right_of_its_own(cast: Cast, who: str) -> None:
    client = Client()
    client.force_login(getattr(cast, who))
    assert client.get(ADDRESS).status_code == 403


def test_it_holds_every_stretch_and_event_of_the_tickets_in_reach(cast: Cast, open_at: OpenTicket) -> None:
    ours = open_at(MON + "09:00")
    open_at(MON + "09:00", queue=cast.billing_queue)
    rows = taken(cast, "sun", first="2026-01-01", last="2026-01-31")
    assert {row["ticket"] for row in rows} == {ours.number}
    assert {row["metric"] for row in rows} >= {"first_reply", "resolution", "ownership", "requester_wait"}
    assert {row["line"] for row in rows} == {"segment", "event"}
    assert AuditEntry.objects.filter(verb="sla_ledger.exported", actor=cast.sun).exists()


def test_one_ticket_can_be_taken_alone(cast: Cast, open_at: OpenTicket) -> None:
    first, _second = open_at(MON + "09:00"), open_at(MON + "09:00")
    assert {row["ticket"] for row in taken(cast, "sun", ticket=first.number)} == {first.number}


def test_each_line_is_sealed_with_the_one_before(cast: Cast, open_at: OpenTicket) -> None:
    seal = ""
    for row in taken(cast, "sun", ticket=open_at(MON + "09:00").number):
        *cells, given = row.values()
        seal = hashlib.sha256("\x1f".join([seal, *cells]).encode()).hexdigest()
        assert given == seal
