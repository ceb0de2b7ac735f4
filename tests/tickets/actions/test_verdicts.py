"""What only the customer can say: it works, it does not, it is not needed any more."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from crmcore import clock
from crmcore.models import AuditEntry
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions import lifecycle
from tickets.actions.lifecycle import reopen_ticket, resolve_ticket, set_status
from tickets.actions.moves import WrongMove
from tickets.actions.promises import promise_contact
from tickets.actions.verdicts import confirm_solution, contest_solution, withdraw_request
from tickets.models import Category, Interaction, SlaClock, SlaTarget, Ticket
from tickets.queries.timeline import timeline
from tickets.queries.wording import status_in, type_called

EVENTS = ("confirmed", "contested", "called_off")


@pytest.fixture
def open_ticket(cast: Cast) -> Iterator[OpenTicket]:
    """Zhao's request of this morning; what follows happens ten minutes later."""

    def open_(**changes: object) -> Ticket:
        facts = {
            "by": cast.zhao,
            "subject": "It drips",
            "type": type_called("request"),
            "queue": cast.support_queue,
            "account": cast.account,
            "contact": cast.zhao.contact,
            "channel": "portal",
            "body": "It drips",
        }
        return lifecycle.open_ticket(**{**facts, **changes})  # type: ignore[arg-type]

    with clock.at(at("2026-01-05T09:10")):
        yield open_


def own(cast: Cast, open_ticket: OpenTicket) -> Ticket:
    return open_ticket()


def events(ticket: Ticket) -> list[str]:
    return list(ticket.interactions.filter(event__in=EVENTS).values_list("event", flat=True))


def contest(cast: Cast, ticket: Ticket, reference: str = "portal:1") -> Interaction:
    return contest_solution(
        ticket, by=cast.zhao, contact=cast.zhao.contact, reason="It drips again", reference=reference
    )


def test_confirming_twice_is_one_word(cast: Cast, open_ticket: OpenTicket) -> None:
    ticket = resolve_ticket(own(cast, open_ticket), by=cast.mei)
    first = confirm_solution(ticket, by=cast.zhao, was_solved=True)
    second = confirm_solution(ticket, by=cast.zhao, was_solved=True)
    assert first.confirmed_at == second.confirmed_at is not None
    assert events(ticket) == ["confirmed"]
    assert AuditEntry.objects.filter(verb="ticket.confirmed").count() == 1


def test_confirming_an_open_request_solves_it(cast: Cast, open_ticket: OpenTicket) -> None:
    ticket = confirm_solution(own(cast, open_ticket), by=cast.zhao, was_solved=False)
    assert ticket.status.category == Category.SOLVED
    assert ticket.confirmed_at is not None


def test_a_stale_tab_does_not_solve_what_another_tab_contested(cast: Cast, open_ticket: OpenTicket) -> None:
    ticket = resolve_ticket(own(cast, open_ticket), by=cast.mei)
    contest(cast, ticket)
    with pytest.raises(WrongMove, match="moved on"):
        confirm_solution(ticket, by=cast.zhao, was_solved=True)
    assert Ticket.objects.get(pk=ticket.pk).is_active


def test_a_stale_tab_does_not_confirm_what_it_showed_as_unsolved(cast: Cast, open_ticket: OpenTicket) -> None:
    ticket = resolve_ticket(own(cast, open_ticket), by=cast.mei)
    with pytest.raises(WrongMove, match="moved on"):
        confirm_solution(ticket, by=cast.zhao, was_solved=False)
    assert Ticket.objects.get(pk=ticket.pk).confirmed_at is None


def test_contesting_reopens_with_the_reason_once(cast: Cast, open_ticket: OpenTicket) -> None:
    ticket = resolve_ticket(own(cast, open_ticket), by=cast.mei)
    first, second = contest(cast, ticket), contest(cast, ticket)
    found = Ticket.objects.get(pk=ticket.pk)
    assert first == second
    assert (found.is_active, found.reopened_count, first.is_public) == (True, 1, True)
    assert events(ticket) == ["contested"]


def test_contesting_what_was_confirmed_takes_the_word_back(cast: Cast, open_ticket: OpenTicket) -> None:
    ticket = confirm_solution(own(cast, open_ticket), by=cast.zhao, was_solved=False)
    contest(cast, ticket)
    assert Ticket.objects.get(pk=ticket.pk).confirmed_at is None


def test_contesting_after_the_window_begins_a_request_that_follows(cast: Cast, open_ticket: OpenTicket) -> None:
    ticket = resolve_ticket(own(cast, open_ticket), by=cast.mei)
    with clock.at(clock.now() + timedelta(days=ticket.type.reopen_days + 1)):
        entry = contest(cast, ticket)
    assert entry.ticket is not None
    assert entry.ticket.follow_up_of == ticket
    assert events(entry.ticket) == ["contested"]
    assert not Ticket.objects.get(pk=ticket.pk).is_active


def test_withdrawing_ends_the_request_and_owes_nothing(cast: Cast, open_ticket: OpenTicket) -> None:
    ticket = own(cast, open_ticket)
    promise_contact(ticket, clock.now() + timedelta(hours=2))
    for _ in range(2):
        withdraw_request(ticket, by=cast.zhao, reason="Fixed it myself")
    found = Ticket.objects.get(pk=ticket.pk)
    states = dict(SlaClock.objects.filter(ticket=ticket).values_list("metric", "state"))
    assert (found.status.category, found.withdrawn_at is not None) == (Category.CLOSED, True)
    assert states[SlaTarget.Metric.FIRST_REPLY] == states[SlaTarget.Metric.PROMISE] == SlaClock.State.CANCELLED
    assert not SlaClock.objects.filter(ticket=ticket, state__in=SlaClock.LIVE).exists()
    assert events(ticket) == ["called_off"]


def test_what_is_solved_is_not_withdrawn(cast: Cast, open_ticket: OpenTicket) -> None:
    ticket = resolve_ticket(own(cast, open_ticket), by=cast.mei)
    with pytest.raises(WrongMove, match="solved already"):
        withdraw_request(ticket, by=cast.zhao)


@pytest.mark.parametrize("category", [Category.CLOSED, Category.VOID])
def test_what_is_finished_takes_no_verdict(cast: Cast, open_ticket: OpenTicket, category: str) -> None:
    ticket = set_status(own(cast, open_ticket), status_in(category), by=cast.mei)
    with pytest.raises(WrongMove, match="finished"):
        withdraw_request(ticket, by=cast.zhao)
    with pytest.raises(WrongMove, match="finished"):
        confirm_solution(ticket, by=cast.zhao, was_solved=True)


def test_a_complaint_amid_its_stages_is_withdrawn_but_not_confirmed(cast: Cast, open_ticket: OpenTicket) -> None:
    ticket = open_ticket(type=type_called("property_complaint"))
    assert ticket.stage
    with pytest.raises(WrongMove, match="last steps"):
        confirm_solution(ticket, by=cast.zhao, was_solved=False)
    withdrawn = withdraw_request(ticket, by=cast.zhao)
    assert (withdrawn.stage, withdrawn.status.category) == ("", Category.CLOSED)


def test_reopening_takes_the_confirmation_away(cast: Cast, open_ticket: OpenTicket) -> None:
    ticket = confirm_solution(own(cast, open_ticket), by=cast.zhao, was_solved=False)
    assert reopen_ticket(ticket, by=cast.mei).confirmed_at is None


def test_the_timeline_names_the_customer_also_without_an_account(cast: Cast, open_ticket: OpenTicket) -> None:
    ticket = confirm_solution(own(cast, open_ticket), by=None, was_solved=False)
    last = [entry for entry in timeline(ticket, cast.mei).entries if "confirmed" in entry.did][-1]
    assert cast.zhao.contact is not None
    assert last.author == cast.zhao.contact.name
