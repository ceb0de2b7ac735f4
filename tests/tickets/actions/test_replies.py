"""Written words: who reads them, what they do to clocks, and when none are needed."""

import pytest

from crmcore import clock
from crmcore.models import LiveEvent
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.replies import add_note, customer_reply, reply, waive_reply
from tickets.queries.readings import reading_of
from tickets.queries.ticket_page import header

MON = "2026-01-05T"


def test_a_reply_is_public_and_a_note_is_not(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    assert reply(ticket, by=cast.mei, body="On it.").is_public
    assert not add_note(ticket, by=cast.mei, body="Pump?").is_public


def test_customers_are_not_told_of_notes(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    LiveEvent.objects.all().delete()
    add_note(ticket, by=cast.mei, body="Pump?")
    topics = LiveEvent.objects.filter(kind="interaction.added").values_list("topic", flat=True)
    assert set(topics) == {f"ticket:{ticket.pk}", f"account:{cast.account.pk}"}


def test_a_thank_you_needs_no_reply(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "09:30")):
        reply(ticket, by=cast.mei, body="Solved?")
        customer_reply(ticket, by_contact=cast.zhao.contact, body="谢谢")
        ticket = waive_reply(ticket, by=cast.mei)
    assert ticket.clocks.get(metric="next_reply").state == "cancelled"
    assert (ticket.sla_metric, ticket.waiting_on) == ("resolution", "customer")
    assert ticket.interactions.filter(event="waived").exists()


def test_without_a_waiting_customer_there_is_nothing_to_waive(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", by=cast.mei, body="")
    assert waive_reply(ticket, by=cast.mei).seq == 1


@pytest.mark.parametrize(("words", "is_offered"), [(["谢谢！"], True), (["谢谢！", "还不行"], False), ([], False)])
def test_only_where_nothing_but_thanks_came_is_that_offered(
    open_at: OpenTicket, cast: Cast, words: list[str], is_offered: bool
) -> None:
    ticket = open_at(MON + "09:00", body="Thanks!")
    with clock.at(at(MON + "09:30")):
        assert not header(reading_of(ticket, cast.mei, clock.now())).only_thanks
        reply(ticket, by=cast.mei, body="Solved?")
        for said in words:
            customer_reply(ticket, by_contact=cast.zhao.contact, body=said)
        ticket.refresh_from_db()
        assert header(reading_of(ticket, cast.mei, clock.now())).only_thanks is is_offered
        assert not header(reading_of(ticket, cast.omar, clock.now())).only_thanks
