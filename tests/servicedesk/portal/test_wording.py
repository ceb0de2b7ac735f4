"""A ticket in its customer's words."""

from datetime import timedelta

from crmcore import clock
from servicedesk.portal.wording import Standing, standing
from tests.cast import Cast
from tickets.actions.lifecycle import assign_ticket, resolve_ticket, set_status
from tickets.actions.replies import reply
from tickets.models import Ticket
from tickets.queries.wording import status_in


def of(ticket: Ticket, *, later: timedelta = timedelta()) -> Standing:
    fresh = Ticket.objects.select_related("status", "assignee", "type").get(pk=ticket.pk)
    return standing(fresh, clock.now() + later)


def now_step(found: Standing) -> str:
    return next((step.words for step in found.steps if step.state == "now"), "")


def test_a_new_request_is_with_us_and_promises_a_moment(ticket: Ticket) -> None:
    found = of(ticket)
    assert (found.ball, found.label, now_step(found)) == ("us", "With us", "Received")
    assert found.when is not None
    assert found.when_words == "next news promised"


def test_somebody_in_charge_is_named(cast: Cast, ticket: Ticket) -> None:
    assign_ticket(ticket, to=cast.mei, by=cast.sun)
    assert (of(ticket).who, now_step(of(ticket))) == ("Mei", "Read by a person")


def test_after_an_answer_work_goes_on(cast: Cast, ticket: Ticket) -> None:
    reply(ticket, by=cast.mei, body="We look into it.")
    assert now_step(of(ticket)) == "Being worked on"


def test_waiting_for_the_customer_is_their_turn(cast: Cast, ticket: Ticket) -> None:
    set_status(ticket, status_in("waiting_customer"), by=cast.mei)
    found = of(ticket)
    assert (found.ball, found.label, now_step(found)) == ("you", "Your turn", "Waiting for you")


def test_a_solved_request_is_to_be_checked(cast: Cast, ticket: Ticket) -> None:
    resolve_ticket(ticket, by=cast.mei)
    found = of(ticket)
    assert (found.ball, found.label, now_step(found)) == ("check", "Please check", "You confirm")


def test_a_request_solved_long_ago_is_done(cast: Cast, ticket: Ticket) -> None:
    resolve_ticket(ticket, by=cast.mei)
    assert of(ticket, later=timedelta(days=60)).ball == "over"


def test_a_broken_promise_is_admitted(ticket: Ticket) -> None:
    found = of(ticket, later=timedelta(days=30))
    assert found.is_late
    assert "we are late" in found.when_words
