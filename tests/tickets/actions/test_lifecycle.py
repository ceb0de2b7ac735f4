"""A ticket's life: opened, assigned, moved, solved, reopened or followed, rated; and who hears of it."""

from datetime import timedelta

import pytest

from crmcore import clock
from crmcore.models import AuditEntry, LiveEvent, NumberSequence
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.lifecycle import (
    WrongMove,
    assign_ticket,
    edit_ticket,
    rate_ticket,
    reopen_ticket,
    resolve_ticket,
    set_priority,
    set_status,
)
from tickets.actions.replies import customer_reply, reply
from tickets.models import Ticket
from tickets.queries.wording import status_called, type_called

MON = "2026-01-05T"


def topics() -> set[str]:
    return set(LiveEvent.objects.filter(kind="ticket.changed").values_list("topic", flat=True))


def test_a_ticket_takes_its_number_from_its_queue(open_at: OpenTicket, cast: Cast) -> None:
    cast.support_queue.ticket_numbers = NumberSequence.objects.create(key="kw", prefix="KW-", next_value=20418)
    assert [open_at(MON + "09:00").number for _ in range(2)] == ["KW-20418", "KW-20419"]


def test_what_a_customer_writes_stands_first_on_the_timeline(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    entries = list(ticket.interactions.order_by("seq").values_list("seq", "channel", "is_public", "by"))
    assert entries == [(1, "system", False, cast.zhao.pk), (2, "portal", True, cast.zhao.pk)]


def test_what_an_agent_writes_at_opening_is_internal(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", by=cast.mei, channel="call")
    assert not ticket.interactions.get(channel="note").is_public


def test_every_side_of_a_ticket_hears_of_it(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", assignee=cast.mei)
    assert topics() == {
        f"ticket:{ticket.pk}",
        f"queue:{cast.support_queue.pk}",
        f"agent:{cast.mei.pk}",
        f"account:{cast.account.pk}",
        f"contact:{cast.zhao.contact_id}",
    }


def test_who_loses_a_ticket_hears_of_it_too(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", assignee=cast.mei)
    LiveEvent.objects.all().delete()
    assign_ticket(ticket, to=cast.omar, queue=cast.billing_queue, by=cast.mei)
    expected = {f"agent:{cast.mei.pk}", f"agent:{cast.omar.pk}"}
    expected |= {f"queue:{cast.support_queue.pk}", f"queue:{cast.billing_queue.pk}"}
    assert expected < topics()


def test_every_change_is_on_the_timeline_and_in_the_audit(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", body="")
    assign_ticket(ticket, to=cast.mei, by=cast.mei)
    set_priority(ticket, "high", by=cast.mei)
    set_status(ticket, status_called("on_hold"), by=cast.mei, reason="Part ordered")
    edit_ticket(ticket, by=cast.mei, subject="E3 after moving house", type=type_called("complaint"))
    events = ticket.interactions.order_by("seq").values_list("event", flat=True)
    assert list(events) == ["opened", "assignee", "priority", "status", "subject", "type"]
    verbs = set(AuditEntry.objects.filter(noun="ticket").values_list("verb", flat=True))
    assert verbs == {
        "ticket.opened",
        "ticket.assigned",
        "ticket.priority_set",
        "ticket.status_set",
        "ticket.edited",
    }


def test_the_same_change_twice_is_one_change(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", body="")
    for _ in range(2):
        assign_ticket(ticket, to=cast.mei, by=cast.mei)
        set_priority(ticket, "high", by=cast.mei)
        resolve_ticket(ticket, by=cast.mei)
    assert ticket.interactions.count() == 4


def test_the_first_reply_takes_a_new_ticket_in_hand(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    reply(ticket, by=cast.mei, body="On it.")
    ticket.refresh_from_db()
    assert (ticket.status.category, ticket.waiting_on) == ("open", "customer")


def test_a_customer_s_answer_wakes_a_waiting_ticket(open_at: OpenTicket, cast: Cast) -> None:
    ticket = set_status(open_at(MON + "09:00"), status_called("waiting"), by=cast.mei)
    assert ticket.waiting_on == "customer"
    customer_reply(ticket, by_contact=cast.zhao.contact, body="CX-200")
    ticket.refresh_from_db()
    assert (ticket.status.category, ticket.waiting_on) == ("open", "us")


def test_a_message_within_the_window_reopens(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        resolve_ticket(ticket, by=cast.mei)
    with clock.at(at(MON + "10:00") + timedelta(days=14)):
        entry = customer_reply(ticket, by_contact=cast.zhao.contact, body="Again.")
    ticket.refresh_from_db()
    assert entry.ticket == ticket
    assert (ticket.status.category, ticket.reopened_count, ticket.solved_at) == ("open", 1, None)


def test_a_message_after_the_window_begins_a_ticket_that_follows(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", assignee=cast.mei)
    with clock.at(at(MON + "10:00")):
        resolve_ticket(ticket, by=cast.mei)
    with clock.at(at(MON + "10:00:01") + timedelta(days=14)):
        entry = customer_reply(ticket, by_contact=cast.zhao.contact, body="Again.")
    follow_up = entry.ticket
    assert follow_up is not None
    assert follow_up.follow_up_of == ticket
    assert follow_up.assignee == cast.mei
    assert follow_up.clocks.get(metric="first_reply").state == "running"


def test_reopening_a_closed_ticket_returns_the_one_that_follows(open_at: OpenTicket, cast: Cast) -> None:
    ticket = set_status(open_at(MON + "09:00"), status_called("closed"), by=cast.mei)
    follow_up = reopen_ticket(ticket, by=cast.mei)
    assert follow_up.follow_up_of == ticket
    assert ticket.interactions.get(event="followed").detail == {"number": follow_up.number}


def test_a_closed_ticket_stays_closed(open_at: OpenTicket, cast: Cast) -> None:
    ticket = set_status(open_at(MON + "09:00"), status_called("closed"), by=cast.mei)
    with pytest.raises(WrongMove):
        set_status(ticket, status_called("open"), by=cast.mei)


def test_a_solved_ticket_can_be_rated_and_the_last_word_counts(open_at: OpenTicket, cast: Cast) -> None:
    ticket = resolve_ticket(open_at(MON + "09:00"), by=cast.mei)
    rate_ticket(ticket, by=cast.zhao, score=2, comment="Slow")
    ticket = rate_ticket(ticket, by=cast.zhao, score=4)
    assert (ticket.rating, ticket.rating_comment) == (4, "")


def test_an_open_ticket_cannot_be_rated(open_at: OpenTicket, cast: Cast) -> None:
    with pytest.raises(WrongMove):
        rate_ticket(open_at(MON + "09:00"), by=cast.zhao, score=5)


@pytest.mark.parametrize("score", [0, 6])
def test_a_rating_is_one_to_five(open_at: OpenTicket, cast: Cast, score: int) -> None:
    ticket = resolve_ticket(open_at(MON + "09:00"), by=cast.mei)
    with pytest.raises(ValueError, match=str(score)):
        rate_ticket(ticket, by=cast.zhao, score=score)


def test_outsiders_see_no_ticket_and_customers_see_their_own(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    seen = {
        who: Ticket.objects.visible_to(getattr(cast, who)).filter(pk=ticket.pk).exists()
        for who in ("mei", "omar", "sun", "zhao", "ada")
    }
    assert seen == {"mei": True, "omar": False, "sun": True, "zhao": True, "ada": True}
