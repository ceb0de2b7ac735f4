"""Lists: which view holds what, pages by key in both directions, search in both languages."""

import pytest

from crmcore import clock
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.lifecycle import resolve_ticket, set_status
from tickets.models import SavedView, Ticket
from tickets.queries.columns import ORDERS
from tickets.queries.keyset import Cursor, Page, page_of
from tickets.queries.wording import status_called
from tickets.queries.worklists import Asked, my_tickets, open_tickets_of, page

MON = "2026-01-05T"


def shipped(code: str) -> SavedView:
    return SavedView.objects.get(code=code)


def numbers(found: Page[Ticket]) -> list[str]:
    return [ticket.number for ticket in found.rows]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("mine", {"mine"}),
        ("unassigned", {"free", "urgent"}),
        ("queues", {"mine", "free", "urgent"}),
        ("breaching", {"urgent"}),
        ("open", {"mine", "free", "urgent"}),
        ("solved", {"done"}),
    ],
)
def test_views(cast: Cast, open_at: OpenTicket, view: str, expected: set[str]) -> None:
    open_at(MON + "09:00", subject="mine", assignee=cast.mei)
    open_at(MON + "09:00", subject="free")
    urgent = open_at(MON + "09:00", subject="urgent")
    Ticket.objects.filter(pk=urgent.pk).update(sla_state="breached")
    open_at(MON + "09:00", subject="elsewhere", queue=cast.billing_queue)
    done = open_at(MON + "09:00", subject="done")
    with clock.at(at(MON + "10:00")):
        resolve_ticket(done, by=cast.mei)
    found = page(Asked(shipped(view)), user=cast.mei, now=at(MON + "12:00"))
    assert {ticket.subject for ticket in found.rows} == expected


def test_pages_by_due_time_lead_forth_and_back_over_rows_without_one(cast: Cast, open_at: OpenTicket) -> None:
    for minute in (10, 30, 20):
        open_at(f"{MON}09:{minute}")
    for minute in (40, 50):
        set_status(open_at(f"{MON}09:{minute}", by=cast.mei), status_called("waiting"), by=cast.mei)
    rows = Ticket.objects.all()
    walked, at_cursor = [], ""
    for _ in range(3):
        found = page_of(rows, ORDERS[SavedView.Sort.DUE], at_cursor, size=2)
        walked.append(numbers(found))
        at_cursor = found.after
    assert walked == [["T-1", "T-3"], ["T-2", "T-4"], ["T-5"]]
    assert at_cursor == ""
    back = page_of(rows, ORDERS[SavedView.Sort.DUE], found.before, size=2)
    assert numbers(back) == walked[1]
    assert numbers(page_of(rows, ORDERS[SavedView.Sort.DUE], back.before, size=2)) == walked[0]


def test_the_first_page_read_backwards_has_none_before(open_at: OpenTicket) -> None:
    for minute in (10, 20, 30):
        open_at(f"{MON}09:{minute}")
    second = page_of(Ticket.objects.all(), ORDERS[SavedView.Sort.LATEST], size=2)
    third = page_of(Ticket.objects.all(), ORDERS[SavedView.Sort.LATEST], second.after, size=2)
    assert (numbers(second), numbers(third)) == (["T-3", "T-2"], ["T-1"])
    assert page_of(Ticket.objects.all(), ORDERS[SavedView.Sort.LATEST], third.before, size=2).before == ""


@pytest.mark.parametrize("sort", SavedView.Sort)
def test_every_order_is_walked_whole_forth_and_back(cast: Cast, open_at: OpenTicket, sort: SavedView.Sort) -> None:
    opened = [open_at(f"{MON}09:{minute}") for minute in (10, 50, 20, 40, 30)]
    for ticket in opened[1:3]:
        resolve_ticket(ticket, by=cast.mei)
    order, rows = ORDERS[sort], Ticket.objects.all()
    walked, found = [], page_of(rows, order, size=2)
    while True:
        walked += numbers(found)
        if not found.after:
            break
        found = page_of(rows, order, found.after, size=2)
    assert walked == numbers(page_of(rows, order, size=9))
    back = numbers(found)
    while found.before:
        found = page_of(rows, order, found.before, size=2)
        back = numbers(found) + back
    assert back == walked


@pytest.mark.parametrize("text", ["", "nonsense", "f~yesterday~1", "f~~x"])
def test_a_broken_cursor_is_the_first_page(text: str) -> None:
    assert Cursor.parse(text) is None


@pytest.mark.parametrize("words", ["T-1", "washing", "machines E3", "滚筒", "筒异", "e3 stops"])
def test_search_finds_number_subject_and_messages_in_both_languages(
    cast: Cast, open_at: OpenTicket, words: str
) -> None:
    open_at(MON + "09:00", body="It stops. 洗衣机滚筒异响")
    assert numbers(page(Asked(shipped("mine"), words=words), user=cast.mei, now=at(MON + "10:00"))) == ["T-1"]


def test_search_stays_within_what_one_may_see(cast: Cast, open_at: OpenTicket) -> None:
    open_at(MON + "09:00")
    assert not page(Asked(shipped("mine"), words="washing"), user=cast.omar, now=at(MON + "10:00")).rows


def test_filters_narrow_a_view(cast: Cast, open_at: OpenTicket) -> None:
    open_at(MON + "09:00", priority="high")
    open_at(MON + "09:00")
    asked = Asked(shipped("queues"), filters={"priority": "high"})
    assert numbers(page(asked, user=cast.mei, now=at(MON + "10:00"))) == ["T-1"]


def test_what_is_in_hand_and_what_is_open_for_a_customer(cast: Cast, open_at: OpenTicket) -> None:
    first = open_at(MON + "09:00", assignee=cast.mei)
    resolve_ticket(open_at(MON + "09:00", assignee=cast.mei), by=cast.mei)
    assert list(my_tickets(cast.mei)) == [first]
    assert list(open_tickets_of(cast.account)) == list(open_tickets_of(cast.zhao.contact)) == [first]
    assert not open_tickets_of(cast.account, user=cast.omar)
