"""Dispatch orders: once, in one place at a time, step by step, by whom they were given to."""

import uuid
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from crmcore import clock
from crmcore.models import User
from tests.at_once import at_once
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tests.tickets.field import NOW, PNG, given, technician, window
from tests.tickets.field import order as order
from tests.tickets.field import tian as tian
from tests.tickets.test_photo_metadata import exif, jpeg
from tickets.actions.appointments import book, give_back
from tickets.actions.dispatching import SlotTaken, Window, cancel_order, give_order, write_order
from tickets.actions.field_work import decline, fail, finish, go_on, set_check
from tickets.actions.files import FileRefused
from tickets.actions.merging import merge_tickets
from tickets.actions.moves import WrongMove
from tickets.actions.visit_records import add_cost, add_photo, sign
from tickets.models import DispatchCost, DispatchFile, DispatchOrder, FailureReason, FieldTerms, Technician
from tickets.queries.dispatch import visits_for
from tickets.queries.dispatch_files import bytes_of
from tickets.queries.readings import reading_of
from tickets.queries.slots import free_slots
from tickets.queries.timeline import timeline

State = DispatchOrder.State


def on_site(order: DispatchOrder, who: User) -> DispatchOrder:
    for state in ("accepted", "on_way", "on_site"):
        order = go_on(order, state, by=who)
    return order


def test_the_same_form_writes_one_order(cast: Cast, open_at: OpenTicket) -> None:
    ticket, once = open_at(NOW), uuid.uuid4()
    first = write_order(ticket, by=cast.mei, task="Look", once=once)
    assert write_order(ticket, by=cast.mei, task="Look", once=once) == first


def test_an_order_without_a_task_is_refused(cast: Cast, open_at: OpenTicket) -> None:
    with pytest.raises(WrongMove):
        write_order(open_at(NOW), by=cast.mei, task="  ")


def test_who_does_not_reach_the_ticket_orders_nothing(cast: Cast, open_at: OpenTicket) -> None:
    for outsider in (cast.omar, cast.zhao):
        with pytest.raises(PermissionDenied):
            write_order(open_at(NOW), by=outsider, task="Look")


def test_a_technician_is_in_one_place_at_a_time(order: DispatchOrder, cast: Cast, tian: User) -> None:
    given(order, tian, cast.mei)
    other = write_order(order.ticket, by=cast.mei, task="Another")
    with pytest.raises(SlotTaken):
        give_order(other, by=cast.mei, technician=tian, window=window("2026-01-05T11:00"))
    assert give_order(other, by=cast.mei, technician=tian, window=window("2026-01-05T12:00")).starts_at


def test_the_database_itself_forbids_two_places(order: DispatchOrder, cast: Cast, tian: User) -> None:
    given(order, tian, cast.mei)
    other = write_order(order.ticket, by=cast.mei, task="Another")
    rows = DispatchOrder.objects.filter(pk=other.pk)
    with pytest.raises(IntegrityError, match="technician_in_one_place"), transaction.atomic():
        rows.update(technician=tian, starts_at=at("2026-01-05T11:59"), ends_at=at("2026-01-05T13:00"))
    assert rows.update(technician=tian, starts_at=at("2026-01-05T12:00"), ends_at=at("2026-01-05T13:00"))


def test_a_visit_that_is_over_leaves_its_time_free(order: DispatchOrder, cast: Cast, tian: User) -> None:
    order = given(order, tian, cast.mei)
    cancel_order(order, by=cast.mei, reason="Customer called")
    other = write_order(order.ticket, by=cast.mei, task="Another")
    assert give_order(other, by=cast.mei, technician=tian, window=window("2026-01-05T10:00")).technician == tian


def test_only_technicians_drive_out(order: DispatchOrder, cast: Cast) -> None:
    with pytest.raises(WrongMove):
        give_order(order, by=cast.mei, technician=cast.omar, window=window("2026-01-05T10:00"))


def test_an_appointment_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(WrongMove):
        Window(at("2026-01-05T10:00"), at("2026-01-05T09:00"))


def test_steps_come_one_after_the_other_and_each_once(order: DispatchOrder, cast: Cast, tian: User) -> None:
    order = given(order, tian, cast.mei)
    with pytest.raises(WrongMove):
        go_on(order, "on_site", by=tian)
    order = go_on(go_on(order, "accepted", by=tian), "accepted", by=tian)
    order = on_site(order, tian)
    arrived = order.arrived_at
    assert go_on(order, "on_way", by=tian).state == State.ON_SITE
    assert go_on(order, "on_site", by=tian).arrived_at == arrived
    said = [entry.did for entry in timeline(order.ticket, cast.mei).entries]
    assert said.count(f"arrived for the visit {order.number}") == 1


def test_others_do_not_touch_the_visit(order: DispatchOrder, cast: Cast, tian: User) -> None:
    order, other = given(order, tian, cast.mei), technician(cast, "other")
    for stranger in (other, cast.omar, cast.zhao):
        with pytest.raises(PermissionDenied):
            go_on(order, "accepted", by=stranger)
        with pytest.raises(PermissionDenied):
            add_photo(order, by=stranger, name="a.png", data=PNG)
    assert not DispatchOrder.objects.visible_to(other).exists()


def test_a_declined_visit_is_given_again(order: DispatchOrder, cast: Cast, tian: User) -> None:
    order = given(order, tian, cast.mei)
    with pytest.raises(WrongMove):
        decline(order, by=tian, reason=" ")
    order = decline(order, by=tian, reason="Ill")
    assert decline(order, by=tian, reason="Ill").state == State.DECLINED
    with pytest.raises(WrongMove):
        go_on(order, "accepted", by=tian)
    other = technician(cast, "other")
    assert give_order(order, by=cast.mei, technician=other, window=window("2026-01-05T10:00")).state == State.PLANNED
    with pytest.raises(PermissionDenied):
        go_on(order, "accepted", by=tian)


@pytest.mark.usefixtures("files")
def test_done_puts_words_photos_and_signature_on_the_ticket_once(order: DispatchOrder, cast: Cast, tian: User) -> None:
    order = on_site(given(order, tian, cast.mei), tian)
    add_photo(order, by=tian, name="pump.png", data=PNG)
    add_photo(order, by=tian, name="again.png", data=PNG)
    sign(order, by=tian, data=PNG + b"1")
    with pytest.raises(WrongMove):
        finish(order, by=tian, result="  ")
    for _time in range(2):
        order = finish(order, by=tian, result="Pump changed", signed_by="赵敏")
    entry = order.ticket.interactions.get(channel="note")
    assert (entry.body, entry.is_public) == ("Pump changed", False)
    assert sorted(entry.attachments.values_list("name", flat=True)) == ["pump.png", "signature.png"]
    with pytest.raises(WrongMove):
        add_photo(order, by=tian, name="late.png", data=PNG + b"2")
    with pytest.raises(WrongMove):
        cancel_order(order, by=cast.mei, reason="No")


@pytest.mark.usefixtures("files")
def test_only_pictures_are_photos_and_a_signature_is_a_png(order: DispatchOrder, cast: Cast, tian: User) -> None:
    order = given(order, tian, cast.mei)
    for name, data in (("a.png", b"<svg onload=alert(1)>"), ("a.pdf", b"%PDF-1.7"), ("a.exe", b"MZ"), ("a.png", b"")):
        with pytest.raises(FileRefused):
            add_photo(order, by=tian, name=name, data=data)
    with pytest.raises(FileRefused):
        sign(order, by=tian, data=b"\xff\xd8\xff jpeg")


@pytest.mark.usefixtures("files")
def test_photos_forget_where_they_were_taken_unless_the_desk_keeps_it(
    order: DispatchOrder, cast: Cast, tian: User
) -> None:
    order, photo = on_site(given(order, tian, cast.mei), tian), jpeg(exif(1))
    first = add_photo(order, by=tian, name="a.jpg", data=photo)
    assert bytes_of(first) == jpeg()
    assert add_photo(order, by=tian, name="a.jpg", data=photo) == first
    with pytest.raises(FileRefused):
        add_photo(order, by=tian, name="b.jpg", data=photo[:30])
    FieldTerms.objects.create(pk=1, keeps_photo_places=True)
    assert bytes_of(add_photo(order, by=tian, name="a.jpg", data=photo)) == photo


def test_a_signature_drawn_again_replaces_the_first(order: DispatchOrder, cast: Cast, tian: User) -> None:
    order = given(order, tian, cast.mei)
    sign(order, by=tian, data=PNG)
    sign(order, by=tian, data=PNG + b"better")
    assert DispatchFile.objects.filter(order=order, kind="signature").count() == 1


def test_costs_sent_twice_count_once_and_sum_on_the_ticket(order: DispatchOrder, cast: Cast, tian: User) -> None:
    order, key = given(order, tian, cast.mei), uuid.uuid4()
    for _time in range(2):
        add_cost(order, key, by=tian, kind="part", name="Pump", quantity=2, unit_minor=12_550)
    add_cost(order, uuid.uuid4(), by=tian, kind="labour", name="Hour", quantity=1, unit_minor=8_000)
    assert DispatchCost.objects.count() == 2
    assert visits_for(reading_of(order.ticket, cast.mei, clock.now())).costs == {"CNY": 33_100}


def test_a_failed_visit_says_why(order: DispatchOrder, cast: Cast, tian: User) -> None:
    order = go_on(given(order, tian, cast.mei), "accepted", by=tian)
    why = FailureReason.objects.get(code="nobody_home")
    assert fail(fail(order, by=tian, failure=why), by=tian, failure=why).state == State.FAILED
    said = [entry.did for entry in timeline(order.ticket, cast.mei).entries]
    assert said[-1] == f"could not do the visit {order.number}: Nobody was there"
    with pytest.raises(IntegrityError), transaction.atomic():
        DispatchOrder.objects.filter(pk=order.pk).update(failure=None)


def test_ticks_are_kept(order: DispatchOrder, cast: Cast, tian: User) -> None:
    order = given(order, tian, cast.mei)
    assert [one["done"] for one in set_check(order, 1, by=tian, done=True).checks] == [False, True, False]
    assert [one["done"] for one in set_check(order, 99, by=tian, done=True).checks] == [False, True, False]


def test_the_visit_goes_on_when_its_ticket_was_merged(
    order: DispatchOrder, cast: Cast, tian: User, open_at: OpenTicket
) -> None:
    order, target = given(order, tian, cast.mei), open_at("2026-01-05T08:30")
    merge_tickets(order.ticket, target, by=cast.mei)
    order = finish(on_site(DispatchOrder.objects.get(pk=order.pk), tian), by=tian, result="Pump changed")
    assert order.state == State.DONE
    assert target.interactions.filter(body="Pump changed").exists()


def test_free_times_are_open_hours_without_visits(order: DispatchOrder, cast: Cast, tian: User) -> None:
    given(order, tian, cast.mei)
    slots = free_slots(cast.support_queue, at(NOW), days=1, notice=False)
    assert [slot.key for slot in slots] == ["20260105T0100Z", "20260105T0500Z", "20260105T0700Z"][1:]
    Technician.objects.update(most_a_day=1)
    assert not free_slots(cast.support_queue, at(NOW), days=1, notice=False)


def test_customers_book_move_and_give_back_their_own_time(order: DispatchOrder, cast: Cast, tian: User) -> None:
    with clock.at(at(NOW)):
        order = book(order, "20260106T0100Z", by=cast.zhao)
        assert (order.technician, order.starts_at) == (tian, at("2026-01-06T09:00"))
        assert book(order, "20260106T0100Z", by=cast.zhao).starts_at == order.starts_at
        order = book(order, "20260106T0300Z", by=cast.zhao)
        assert give_back(give_back(order, by=cast.zhao), by=cast.zhao).technician is None


def test_customers_book_neither_too_soon_nor_where_the_desk_does_not_let_them(
    order: DispatchOrder, cast: Cast, tian: User
) -> None:
    with clock.at(at(NOW)):
        with pytest.raises(SlotTaken):
            book(order, "20260105T0300Z", by=cast.zhao)
        FieldTerms.objects.create(pk=1, customers_book=False)
        with pytest.raises(PermissionDenied):
            book(order, "20260106T0100Z", by=cast.zhao)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_slot_one_gets_it(order: DispatchOrder, cast: Cast, tian: User) -> None:
    orders = [order, write_order(order.ticket, by=cast.mei, task="Another")]
    with clock.at(at(NOW)):
        slot = "20260106T0100Z"
        first, second = (partial(book, one, slot, by=cast.mei) for one in orders)
        results = at_once(first, second, refusals=(SlotTaken,))
    assert sum(isinstance(one, SlotTaken) for one in results) == 1


def test_a_taken_slot_is_said_with_the_next_free_ones(
    order: DispatchOrder, cast: Cast, tian: User, client: Client
) -> None:
    client.force_login(cast.mei)
    taken = free_slots(cast.support_queue, clock.now(), notice=False)[0]
    book(order, taken.key, by=cast.mei)
    other = write_order(order.ticket, by=cast.mei, task="Another")
    answer = client.post(f"/field/{other.number}/book/", {"slot": taken.key})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "taken a moment ago" in page
    assert 'name="slot"' in page


@pytest.mark.usefixtures("files")
def test_the_phone_takes_the_visit_from_start_to_end(
    order: DispatchOrder, cast: Cast, tian: User, client: Client
) -> None:
    order = given(order, tian, cast.mei)
    client.force_login(tian)
    page = f"/field/{order.number}/"
    assert order.number in client.get(page).content.decode()
    for state in ("accepted", "on_way", "on_site", "on_site"):
        assert client.post(f"{page}step/", {"to": state}).status_code == 302
    assert client.post(f"{page}photos/", {"files": SimpleUploadedFile("a.png", PNG)}).status_code == 302
    refused = client.post(f"{page}photos/", {"files": SimpleUploadedFile("a.txt", b"words")})
    assert (refused.status_code, "is not a picture" in refused.content.decode()) == (409, True)
    cost = {"key": uuid.uuid4(), "kind": "part", "name": "Pump", "quantity": "1", "price": "125.50"}
    for _time in range(2):
        assert client.post(f"{page}costs/", cost).status_code == 302
    assert DispatchCost.objects.get().unit_minor == 12_550
    assert client.post(f"{page}costs/", {**cost, "key": uuid.uuid4(), "price": "-1"}).status_code == 409
    assert client.post(f"{page}done/", {"result": "Pump changed"}).status_code == 302
    photo = order.files.get()
    picture = client.get(f"/field/files/{photo.public_id}/")
    assert (picture["Content-Type"], "sandbox" in picture["Content-Security-Policy"]) == ("image/png", True)
    client.force_login(cast.omar)
    assert client.get(f"/field/files/{photo.public_id}/").status_code == 404
    assert client.get(page).status_code == 404
    client.force_login(cast.zhao)
    assert client.get(page).status_code == 403


def test_the_office_writes_plans_and_calls_off(cast: Cast, tian: User, client: Client, open_at: OpenTicket) -> None:
    client.force_login(cast.mei)
    ticket = open_at(NOW)
    form = {"kind": "repair", "task": "Look", "place": "Here", "currency": "CNY", "once": str(uuid.uuid4())}
    for _time in range(2):
        assert client.post(f"/field/new/?ticket={ticket.number}", form).status_code == 302
    order = DispatchOrder.objects.get()
    give = {"who": f"t{tian.pk}", "starts_at": "2026-01-05T10:00", "minutes": "60"}
    assert client.post(f"/field/{order.number}/give/", give).status_code == 302
    assert client.get("/field/board/?day=2026-01-05").status_code == 200
    assert order.number in client.get(f"/tickets/{ticket.number}/side/").content.decode()
    assert client.post(f"/field/{order.number}/cancel/", {"reason": "No need"}).status_code == 302
    order.refresh_from_db()
    assert order.state == State.CANCELLED
    client.force_login(cast.omar)
    assert client.get(f"/field/{order.number}/plan/").status_code == 404
