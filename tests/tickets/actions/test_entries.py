"""The timeline's next entry: its number, its words in the index, its names in both languages."""

from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tickets.actions.changing import changing
from tickets.actions.entries import append, append_event, names
from tickets.models import Ticket
from tickets.queries.wording import status_called
from tickets.queries.worklists import search

MON = "2026-01-05T"


def test_the_next_entry_takes_the_next_number_and_the_customer(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", body="")
    with changing(ticket) as locked:
        facts = {"channel": "note", "direction": "internal", "by": cast.mei, "occurred_at": locked.opened_at}
        entry = append(locked, body="Pump", **facts)
    assert (entry.seq, entry.contact, entry.account) == (2, cast.zhao.contact, cast.account)


def test_what_is_written_is_found_and_what_was_stays_found(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", body="Drum squeaks")
    with changing(ticket) as locked:
        facts = {"channel": "note", "direction": "internal", "by": cast.mei, "occurred_at": locked.opened_at}
        append(locked, body="更换轴承", **facts)
    for words in ("drum", "轴承", "washing"):
        assert list(search(Ticket.objects.all(), words)) == [ticket]


def test_an_event_remembers_names_as_they_were(open_at: OpenTicket, cast: Cast) -> None:
    ticket, waiting = open_at(MON + "09:00"), status_called("waiting")
    with changing(ticket) as locked:
        entry = append_event(locked, "status", by=cast.mei, at=locked.opened_at, now=names(waiting))
    assert entry.detail == {"now": ["Waiting for customer", "等待客户"]}


def test_a_name_without_a_chinese_twin_serves_for_both(cast: Cast) -> None:
    assert names(cast.mei) == ["Mei", "Mei"]
