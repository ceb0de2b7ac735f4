"""Customers choose when somebody comes: their own visits, free times, clear words when one is gone."""

import pytest
from django.test import Client

from crmcore import clock
from crmcore.actions import people
from crmcore.models import Calendar, CalendarVersion, User
from tests.cast import Cast
from tickets.actions.dispatching import write_order
from tickets.models import DispatchOrder, FieldTerms, Technician, Ticket
from tickets.queries.slots import free_slots


@pytest.fixture
def tian(cast: Cast) -> User:
    """A technician who drives out at any hour."""
    calendar = Calendar.objects.create(code="always", name="Always")
    always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    begun = clock.now().replace(year=2020, day=1)
    CalendarVersion.objects.create(
        calendar=calendar, number=1, time_zone="UTC", weekly=always, effective_from=begun, published_at=begun
    )
    user = people.create_user("tian", name="Tian", password="pw", roles=["technician"], by=None)
    Technician.objects.create(user=user, calendar=calendar)
    return user


@pytest.fixture
def order(ticket: Ticket, cast: Cast, tian: User) -> DispatchOrder:
    return write_order(ticket, by=cast.mei, task="Change the lamp")


def slot_of(order: DispatchOrder, place: int = 0) -> str:
    return free_slots(order.ticket.queue, clock.now())[place].key


def test_a_time_is_chosen_moved_and_given_back(zhao: Client, order: DispatchOrder) -> None:
    page = f"/portal/visits/{order.number}/"
    assert "Choose a time" in zhao.get(f"/portal/requests/{order.ticket.number}/").content.decode()
    assert zhao.get(page).status_code == 200
    for place in (1, 2):
        assert zhao.post(page, {"slot": slot_of(order, place)}).status_code == 302
    order.refresh_from_db()
    assert order.technician is not None
    assert "Tian" in zhao.get(f"/portal/requests/{order.ticket.number}/").content.decode()
    for _time in range(2):
        assert zhao.post(f"{page}give-back/").status_code == 302
    order.refresh_from_db()
    assert (order.starts_at, order.technician, order.state) == (None, None, "planned")


def test_a_time_that_is_gone_is_said_and_others_are_offered(zhao: Client, order: DispatchOrder, cast: Cast) -> None:
    slot, other = slot_of(order), write_order(order.ticket, by=cast.mei, task="Another")
    page = f"/portal/visits/{order.number}/"
    assert zhao.post(page, {"slot": slot}).status_code == 302
    answer = zhao.post(f"/portal/visits/{other.number}/", {"slot": slot})
    words = answer.content.decode()
    assert answer.status_code == 409
    assert "taken a moment ago" in words
    assert 'name="slot"' in words
    assert f'value="{slot}"' not in words
    assert zhao.post(page, {"slot": "nonsense"}).status_code == 409


def test_strangers_and_staff_book_nothing_here(
    client: Client, order: DispatchOrder, stranger: User, colleague: User, cast: Cast
) -> None:
    page, slot = f"/portal/visits/{order.number}/", slot_of(order)
    for person, status in ((stranger, 404), (colleague, 404), (cast.mei, 302)):
        client.force_login(person)
        assert client.post(page, {"slot": slot}).status_code == status
        assert client.post(f"{page}give-back/").status_code == status
    order.refresh_from_db()
    assert order.starts_at is None


def test_where_the_desk_books_itself_customers_do_not(zhao: Client, order: DispatchOrder) -> None:
    FieldTerms.objects.create(pk=1, customers_book=False)
    assert zhao.get(f"/portal/visits/{order.number}/").status_code == 404
