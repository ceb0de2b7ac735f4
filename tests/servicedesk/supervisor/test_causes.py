"""The report on causes: counted within the period and in reach, with prevention, and the suggestions of customers."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crmcore import clock
from crmcore.models import AuditEntry, Queue, User
from tests.cast import Cast, make_cast
from tests.crmcore.conftest import signed_in
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import open_ticket
from tickets.models import Ticket
from tickets.queries.wording import type_called

HERE = "/supervisor/reports/causes/"


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    ensure_ticket_defaults()
    return cast


def ticket(cast: Cast, kind: str = "property_complaint", queue: Queue | None = None, **fields: object) -> Ticket:
    opened = open_ticket(
        by=cast.mei,
        subject="Damp wall",
        type=type_called(kind),
        queue=queue or cast.support_queue,
        account=cast.account,
        contact=cast.zhao.contact,
        channel="call",
        fields={"building": "3"} if kind == "property_complaint" else {},
    )
    Ticket.objects.filter(pk=opened.pk).update(fields=opened.fields | fields)
    return opened


def page(user: User, **asked: str) -> Any:
    return signed_in(user).get(HERE, asked).context


def counted(user: User) -> dict[str, tuple[int, float]]:
    return {one.code: (one.tickets, one.share) for one in page(user)["causes"]}


def test_causes_are_counted_most_frequent_first(cast: Cast) -> None:
    for cause in ("design", "material", "material", "material"):
        ticket(cast, root_cause=cause)
    ticket(cast)
    assert list(counted(cast.sun).items()) == [("material", (3, 0.75)), ("design", (1, 0.25))]


def test_tickets_of_another_time_or_out_of_reach_do_not_count(cast: Cast) -> None:
    old = ticket(cast, root_cause="design")
    Ticket.objects.filter(pk=old.pk).update(opened_at=clock.now() - timedelta(days=40))
    ticket(cast, root_cause="design", queue=cast.billing_queue)
    assert counted(cast.sun) == {}


def test_prevention_stands_beside_the_cause_and_is_narrowed_by_it(cast: Cast) -> None:
    ticket(cast, root_cause="design", party="design", prevention="Wider eaves")
    ticket(cast, root_cause="material", prevention="Other seals")
    (row,) = page(cast.sun, cause="design")["rows"]
    assert (row.cause, row.party, row.prevention) == ("Design defect", "Design department", "Wider eaves")
    assert len(page(cast.sun, cause="no such cause")["rows"]) == 2


def test_suggestions_of_customers_are_listed_beside_the_causes(cast: Cast) -> None:
    wish = ticket(cast, "suggestion")
    ticket(cast, root_cause="design")
    shown = page(cast.sun, show="suggestions")
    assert [row.ticket.pk for row in shown["rows"]] == [wish.pk]
    assert shown["causes"] == []


def test_file_holds_what_design_and_construction_need_and_leaves_a_trace(cast: Cast) -> None:
    ticket(cast, root_cause="design", prevention="=Wider eaves")
    body = signed_in(cast.sun).get(HERE, {"format": "csv"}).content.decode()
    assert "Design defect" in body
    assert "'=Wider eaves" in body
    assert AuditEntry.objects.filter(verb="report.exported", actor=cast.sun).exists()


def test_agents_see_no_report(cast: Cast) -> None:
    assert signed_in(cast.mei).get(HERE).status_code == 403


def test_statements_do_not_grow_with_the_tickets(cast: Cast) -> None:
    ticket(cast, root_cause="design")
    client = signed_in(cast.sun)
    client.get(HERE)
    with CaptureQueriesContext(connection) as few:
        client.get(HERE)
    for _ in range(5):
        ticket(cast, root_cause="material")
    with CaptureQueriesContext(connection) as many:
        client.get(HERE)
    assert len(many) == len(few)
