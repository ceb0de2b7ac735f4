"""Customers ask for a visit themselves: where the type allows it, at a free time, once, confirmed as the type says."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from crmcore import clock
from crmcore.models import User
from tests.at_once import at_once
from tests.cast import Cast
from tests.servicedesk.portal.test_appointments import tian as tian
from tickets.actions.dispatching import SlotTaken, cancel_order, write_order
from tickets.actions.field_work import go_on
from tickets.actions.lifecycle import resolve_ticket
from tickets.actions.moves import WrongMove
from tickets.actions.visit_requests import ask_for_visit, confirm_visit
from tickets.models import DispatchOrder, FieldTerms, Technician, Ticket, TicketType
from tickets.queries.dispatch import to_be_given
from tickets.queries.slots import free_slots

Booking = TicketType.Booking


@pytest.fixture
def page(ticket: Ticket, tian: User) -> str:
    """Where Zhao asks for a visit; the office confirms."""
    TicketType.objects.filter(pk=ticket.type_id).update(visit_booking=Booking.ASKS)
    return f"/portal/requests/{ticket.number}/visit/"


def slot_for(ticket: Ticket, place: int = 0) -> str:
    return free_slots(ticket.queue, clock.now())[place].key


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("type", "queue").get(pk=ticket.pk)


def test_a_free_time_becomes_a_visit_that_waits_for_the_office(
    zhao: Client, ticket: Ticket, page: str, tian: User, cast: Cast
) -> None:
    assert page in zhao.get(f"/portal/requests/{ticket.number}/").content.decode()
    assert zhao.get(page).status_code == 200
    assert zhao.post(page, {"slot": slot_for(ticket), "words": "Ring twice"}).status_code == 302
    order = DispatchOrder.objects.get()
    assert (order.technician, order.awaits_confirmation) == (tian, True)
    assert "Ring twice" in order.task and ticket.subject in order.task
    shown = zhao.get(f"/portal/requests/{ticket.number}/").content.decode()
    assert "we confirm this soon" in shown and page not in shown
    assert order in to_be_given(cast.sun)


def test_the_same_form_twice_is_one_visit(zhao: Client, ticket: Ticket, page: str) -> None:
    slot = slot_for(ticket)
    for _time in range(2):
        assert zhao.post(page, {"slot": slot}).status_code == 302
    assert DispatchOrder.objects.count() == 1


def test_forms_at_once_make_one_visit(transactional_db: None, ticket: Ticket, page: str, cast: Cast) -> None:
    deeds = [partial(ask_for_visit, fresh(ticket), slot_for(ticket, place), by=cast.zhao) for place in (0, 1)]
    results = at_once(*deeds, refusals=(WrongMove,))
    assert sorted(isinstance(result, WrongMove) for result in results) == [False, True]
    assert DispatchOrder.objects.count() == 1


def test_the_database_itself_holds_one_asked_visit(ticket: Ticket, page: str, cast: Cast) -> None:
    ask_for_visit(fresh(ticket), slot_for(ticket), by=cast.zhao)
    other = write_order(ticket, by=cast.mei, task="Another")
    with pytest.raises(IntegrityError, match="one_visit_asked_for_at_a_time"), transaction.atomic():
        DispatchOrder.objects.filter(pk=other.pk).update(asked_at=clock.now())


def test_where_the_type_says_so_the_visit_holds_at_once(zhao: Client, ticket: Ticket, page: str) -> None:
    TicketType.objects.update(visit_booking=Booking.BOOKS)
    zhao.post(page, {"slot": slot_for(ticket)})
    assert not DispatchOrder.objects.get().awaits_confirmation


@pytest.mark.parametrize("hindrance", ["type", "desk", "solved", "planned"])
def test_no_visit_is_offered_where_something_stands_against_it(
    zhao: Client, ticket: Ticket, page: str, cast: Cast, hindrance: str
) -> None:
    slot = slot_for(ticket)
    match hindrance:
        case "type":
            TicketType.objects.update(visit_booking=Booking.NO)
        case "desk":
            FieldTerms.objects.create(pk=1, customers_book=False)
        case "solved":
            resolve_ticket(ticket, by=cast.mei)
        case _:
            write_order(ticket, by=cast.mei, task="Look")
    known = DispatchOrder.objects.count()
    assert page not in zhao.get(f"/portal/requests/{ticket.number}/").content.decode()
    assert zhao.get(page).status_code == 404
    assert zhao.post(page, {"slot": slot}).status_code == 409
    assert DispatchOrder.objects.count() == known


def test_a_time_that_is_gone_leaves_nothing_behind_and_keeps_the_words(
    zhao: Client, ticket: Ticket, page: str, tian: User
) -> None:
    slot = slot_for(ticket)
    Technician.objects.all().update(is_active=False)
    answer = zhao.post(page, {"slot": slot, "words": "Ring twice"})
    assert answer.status_code == 409 and "Ring twice" in answer.content.decode()
    assert not DispatchOrder.objects.exists()


def test_nonsense_is_no_time(ticket: Ticket, page: str, cast: Cast) -> None:
    with pytest.raises(SlotTaken):
        ask_for_visit(fresh(ticket), "nonsense", by=cast.zhao)


def test_strangers_and_staff_ask_for_nothing_here(
    client: Client, ticket: Ticket, page: str, stranger: User, cast: Cast
) -> None:
    slot = slot_for(ticket)
    client.force_login(stranger)
    assert client.post(page, {"slot": slot}).status_code == 404
    for person in (stranger, cast.mei):
        with pytest.raises(PermissionDenied):
            ask_for_visit(fresh(ticket), slot, by=person)


def test_the_office_confirms_once_and_then_the_technician_may_accept(
    client: Client, ticket: Ticket, page: str, tian: User, cast: Cast
) -> None:
    order = ask_for_visit(fresh(ticket), slot_for(ticket), by=cast.zhao)
    with pytest.raises(WrongMove):
        go_on(order, "accepted", by=tian)
    client.force_login(cast.mei)
    for _time in range(2):
        assert client.post(f"/field/{order.number}/confirm/").status_code == 302
    assert ticket.interactions.filter(detail__what="confirmed").count() == 1
    assert go_on(order, "accepted", by=tian).state == "accepted"


def test_customers_confirm_nothing_themselves(ticket: Ticket, page: str, cast: Cast) -> None:
    order = ask_for_visit(fresh(ticket), slot_for(ticket), by=cast.zhao)
    with pytest.raises(PermissionDenied):
        confirm_visit(order, by=cast.zhao)


def test_after_a_visit_was_called_off_another_can_be_asked_for(ticket: Ticket, page: str, cast: Cast) -> None:
    first = ask_for_visit(fresh(ticket), slot_for(ticket), by=cast.zhao)
    cancel_order(first, by=cast.mei, reason="Nobody there")
    assert ask_for_visit(fresh(ticket), slot_for(ticket), by=cast.zhao) != first
