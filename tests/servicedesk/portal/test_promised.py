"""What was promised, in the customer's words; what the desk measures for itself stays there."""

from datetime import timedelta

from django.test import Client

from crmcore import clock
from servicedesk.portal.promised import promised
from tests.cast import Cast
from tests.servicedesk.portal.test_requests import visible_words
from tickets.actions.lifecycle import resolve_ticket, set_status
from tickets.actions.promises import promise_contact
from tickets.actions.replies import reply
from tickets.models import SlaClock, SlaTarget, Ticket
from tickets.queries.wording import status_in


def of(ticket: Ticket, *, later: timedelta = timedelta()) -> dict[str, str]:
    fresh = Ticket.objects.select_related("status").prefetch_related("clocks").get(pk=ticket.pk)
    return {one.words: one.state for one in promised(fresh, clock.now() + later)}


def test_an_answer_and_a_solution_are_promised(ticket: Ticket) -> None:
    assert of(ticket) == {"First answer": "open", "Solution": "open"}


def test_what_was_kept_is_said(cast: Cast, ticket: Ticket) -> None:
    reply(ticket, by=cast.mei, body="We look into it.")
    assert of(ticket)["First answer"] == "kept"


def test_what_is_late_is_admitted(ticket: Ticket) -> None:
    assert of(ticket, later=timedelta(days=60)) == {"First answer": "late", "Solution": "late"}


def test_a_promise_that_waits_for_the_customer_rests(cast: Cast, ticket: Ticket) -> None:
    set_status(ticket, status_in("waiting_customer"), by=cast.mei)
    assert of(ticket)["Solution"] == "rests"


def test_a_promised_call_is_told(ticket: Ticket) -> None:
    promise_contact(ticket, clock.now() + timedelta(hours=2))
    assert of(ticket)["You hear from us"] == "open"


def test_clocks_of_the_desk_itself_are_never_told(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    for metric in ("requester_wait", "agent_work", "ownership", "stage"):
        moment = clock.now() + timedelta(hours=3)
        SlaClock.objects.update_or_create(
            ticket=ticket,
            metric=metric,
            instance=1,
            defaults={"state": "running", "target_s": 60, "due_at": moment, "started_at": clock.now()},
        )
    assert set(of(ticket)) == {"First answer", "Solution"}
    words = visible_words(zhao.get(f"/portal/requests/{ticket.number}/").content.decode())
    internal = [SlaTarget.Metric(metric).label for metric in ("requester_wait", "agent_work", "ownership", "stage")]
    assert not [label for label in internal if f" {label} " in words]


def test_after_the_solution_nothing_open_is_left(cast: Cast, ticket: Ticket) -> None:
    resolve_ticket(ticket, by=cast.mei)
    assert "open" not in of(ticket).values()


def test_moments_are_those_of_the_customers_own_zone(zhao: Client, cast: Cast, ticket: Ticket) -> None:
    cast.zhao.time_zone = "Asia/Shanghai"
    cast.zhao.save()
    assert "Times are in your time zone, UTC+08:00" in zhao.get(f"/portal/requests/{ticket.number}/").content.decode()
