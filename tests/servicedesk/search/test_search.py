"""One box: tickets by their messages too, customers, articles, filters in both languages, and only what one may see."""

from typing import Any

import pytest
from django.test import Client

from crmcore.models import Contact
from crmcore.search_keys import name_keys
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tickets.actions.lifecycle import assign_ticket, resolve_ticket
from tickets.actions.replies import add_note, reply
from tickets.models import Ticket

MON = "2026-01-05T"


@pytest.fixture
def mei(client: Client, cast: Cast) -> Client:
    client.force_login(cast.mei)
    return client


@pytest.fixture
def tickets(cast: Cast, open_at: OpenTicket) -> dict[str, Ticket]:
    found = {
        "drum": open_at(MON + "09:00", subject="Drum stands still", body="The drum of CX-200 does not turn."),
        "bill": open_at(MON + "10:00", subject="发票金额不对", body="请重开发票。", priority="urgent"),
        "mine": open_at(MON + "11:00", subject="Where is my bill", body="Nothing came."),
        "elsewhere": open_at(MON + "12:00", subject="Drum of billing", queue=cast.billing_queue),
    }
    assign_ticket(found["mine"], to=cast.mei, by=cast.sun)
    return found


def numbers(client: Client, text: str, **more: str) -> set[str]:
    page = client.get("/search/", {"q": text, **more})
    assert page.status_code == 200
    return {hit.ticket.number for hit in page.context["found"].tickets}


def asked(client: Client, tickets: dict[str, Ticket], text: str) -> set[str]:
    found = numbers(client, text)
    return {name for name, ticket in tickets.items() if ticket.number in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("drum", {"drum"}),
        ("发票", {"bill"}),
        ("重开", {"bill"}),
        ("owner:me", {"mine"}),
        ("负责人:me", {"mine"}),
        ("priority:urgent", {"bill"}),
        ("优先级:紧急", {"bill"}),
        ("priority:urg 发票", {"bill"}),
        ("queue:support", {"drum", "bill", "mine"}),
        ("is:unassigned", {"drum", "bill"}),
        ("status:open", {"drum", "bill", "mine"}),
        ("type:repair is:open", {"drum", "bill", "mine"}),
        ("customer:赵 drum", {"drum"}),
        ("after:2026-01-06", set()),
        ("before:2026-01-06 drum", {"drum"}),
        ("drum priority:urgent", set()),
    ],
)
def test_words_and_filters_narrow_together(
    mei: Client, tickets: dict[str, Ticket], text: str, expected: set[str]
) -> None:
    assert asked(mei, tickets, text) == expected


def test_filter_that_is_not_understood_is_said_and_left_out(mei: Client, tickets: dict[str, Ticket]) -> None:
    page = mei.get("/search/", {"q": "priority:boiling after:yesterday drum"})
    assert [bool(chip.problem) for chip in page.context["asked"].chips] == [True, True]
    assert asked(mei, tickets, "priority:boiling after:yesterday drum") == {"drum"}


def test_message_that_holds_the_words_is_shown_with_who_said_it(
    mei: Client, cast: Cast, tickets: dict[str, Ticket]
) -> None:
    reply(tickets["drum"], by=cast.mei, body="We send a technician with a new belt tomorrow morning.")
    page = mei.get("/search/", {"q": "belt"}).content.decode()
    assert "<mark>belt</mark>" in page
    assert "Mei" in page


def test_customers_and_articles_stand_beside_tickets(mei: Client, tickets: dict[str, Ticket]) -> None:
    Contact.objects.update(search_keys=name_keys("赵敏"))
    found = mei.get("/search/", {"q": "赵敏"}).context["found"]
    assert [contact.name for contact in found.contacts] == ["赵敏"]
    assert not mei.get("/search/", {"q": "赵敏 is:open"}).context["found"].contacts
    assert not mei.get("/search/", {"q": "赵敏", "in": "tickets"}).context["found"].contacts


def test_others_see_nothing_of_it(client: Client, cast: Cast, tickets: dict[str, Ticket]) -> None:
    client.force_login(cast.omar)
    assert asked(client, tickets, "drum") == {"elsewhere"}
    client.force_login(cast.zhao)
    assert client.get("/search/", {"q": "drum"}).status_code == 403


def test_notes_are_found_by_staff(mei: Client, cast: Cast, tickets: dict[str, Ticket]) -> None:
    add_note(tickets["bill"], by=cast.mei, body="Ask the bookkeeper")
    assert asked(mei, tickets, "bookkeeper") == {"bill"}


def test_solved_ones_are_found_too(mei: Client, cast: Cast, tickets: dict[str, Ticket]) -> None:
    resolve_ticket(tickets["drum"], by=cast.mei)
    assert asked(mei, tickets, "is:closed") == {"drum"}


def test_statements_do_not_grow_with_what_is_found(
    mei: Client, open_at: OpenTicket, django_assert_max_num_queries: Any
) -> None:
    for minute in range(10, 30):
        open_at(f"{MON}09:{minute}", body="belt")
    mei.get("/search/", {"q": "belt"})
    with django_assert_max_num_queries(24):
        assert len(numbers(mei, "belt")) == 20


def test_pages_of_tickets_lead_on(mei: Client, open_at: OpenTicket) -> None:
    for minute in range(10, 35):
        open_at(f"{MON}09:{minute}")
    first = mei.get("/search/", {"q": "machine"})
    second = mei.get(f"/search/{first.context['after_url']}")
    assert len(first.context["found"].tickets) == 20
    assert len(second.context["found"].tickets) == 5


@pytest.mark.parametrize("text", ["", "   ", "%", "'; DROP TABLE", "type:", '"', "owner:me " * 50, "\0"])
def test_strange_text_is_no_error(mei: Client, text: str) -> None:
    assert mei.get("/search/", {"q": text}).status_code == 200
