"""Visits moved on the board: as they were seen, without overlaps, within a day's number, by whoever may."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from crmcore import clock
from crmcore.models import Firm, User
from tests.at_once import at_once
from tests.cast import Cast
from tests.tickets.conftest import at
from tests.tickets.field import NOW, given, technician
from tests.tickets.field import order as order
from tests.tickets.field import tian as tian
from tickets.actions.dispatch_moves import MovedMeanwhile, Target, move_order
from tickets.actions.dispatching import SlotTaken, write_order
from tickets.actions.field_work import go_on
from tickets.actions.moves import WrongMove
from tickets.models import DispatchOrder, Interaction, Technician
from tickets.queries.dispatch import place_of
from tickets.queries.dispatch_board import board_of

TEN, TWO = "2026-01-05T10:00", "2026-01-05T14:00"


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(at(NOW)):
        yield


def moved(order: DispatchOrder, to: User, start: str, by: User, seen: str | None = None) -> DispatchOrder:
    return move_order(order, Target(at(start), technician=to), seen=place_of(order) if seen is None else seen, by=by)


def another(order: DispatchOrder, by: User) -> DispatchOrder:
    return write_order(order.ticket, by=by, task="Another")


def test_a_visit_that_nobody_has_gets_a_slots_length(order: DispatchOrder, cast: Cast, tian: User) -> None:
    order = moved(order, tian, TEN, cast.mei)
    assert (order.technician, order.starts_at, order.ends_at) == (tian, at(TEN), at("2026-01-05T12:00"))


def test_a_moved_visit_keeps_its_length(order: DispatchOrder, cast: Cast, tian: User) -> None:
    order = moved(given(order, tian, cast.mei), tian, TWO, cast.mei)
    assert (order.starts_at, order.ends_at) == (at(TWO), at("2026-01-05T16:00"))


def test_the_same_move_twice_is_one(order: DispatchOrder, cast: Cast, tian: User) -> None:
    seen = place_of(order)
    for _time in range(2):
        order = moved(order, tian, TEN, cast.mei, seen)
    given_once = Interaction.objects.filter(ticket=order.ticket, detail__what="given")
    assert order.starts_at == at(TEN) and given_once.count() == 1


def test_what_a_colleague_moved_meanwhile_is_not_moved_blindly(order: DispatchOrder, cast: Cast, tian: User) -> None:
    seen = place_of(order)
    moved(order, tian, TEN, cast.mei)
    with pytest.raises(MovedMeanwhile):
        moved(order, tian, TWO, cast.sun, seen)


def test_of_two_dispatchers_at_once_one_moves_it(
    transactional_db: None, order: DispatchOrder, cast: Cast, tian: User
) -> None:
    seen, refusals = place_of(order), (MovedMeanwhile,)
    deeds = [partial(moved, order, tian, start, cast.mei, seen) for start in (TEN, TWO)]
    results = at_once(*deeds, refusals=refusals)
    assert sorted(isinstance(result, MovedMeanwhile) for result in results) == [False, True]


def test_nobody_is_dropped_into_two_places(order: DispatchOrder, cast: Cast, tian: User) -> None:
    given(order, tian, cast.mei)
    with pytest.raises(SlotTaken):
        moved(another(order, cast.mei), tian, "2026-01-05T11:00", cast.mei)


def test_a_full_day_takes_no_more(order: DispatchOrder, cast: Cast, tian: User) -> None:
    Technician.objects.update(most_a_day=1)
    order = given(order, tian, cast.mei)
    other = another(order, cast.mei)
    with pytest.raises(WrongMove, match="as many as agreed"):
        moved(other, tian, TWO, cast.mei)
    assert moved(order, tian, TWO, cast.mei).starts_at == at(TWO)
    assert moved(other, tian, "2026-01-06T10:00", cast.mei).technician == tian


def test_two_drops_onto_the_last_place_of_a_day_are_one(
    transactional_db: None, order: DispatchOrder, cast: Cast, tian: User
) -> None:
    Technician.objects.update(most_a_day=1)
    other = another(order, cast.mei)
    deeds = [partial(moved, order, tian, TEN, cast.mei), partial(moved, other, tian, TWO, cast.mei)]
    results = at_once(*deeds, refusals=(WrongMove,))
    assert sorted(isinstance(result, WrongMove) for result in results) == [False, True]


def test_a_firm_takes_as_many_at_once_as_it_has_crews(order: DispatchOrder, cast: Cast) -> None:
    firm = Firm.objects.create(code="firm", name="Firm", crews=1)
    move_order(order, Target(at(TEN), firm=firm), seen=place_of(order), by=cast.mei)
    other = another(order, cast.mei)
    with pytest.raises(SlotTaken):
        move_order(other, Target(at(TEN), firm=firm), seen=place_of(other), by=cast.mei)


def test_visits_that_have_begun_stay_where_they_are(order: DispatchOrder, cast: Cast, tian: User) -> None:
    order = given(order, tian, cast.mei)
    for state in ("accepted", "on_way"):
        order = go_on(order, state, by=tian)
    with pytest.raises(WrongMove):
        moved(order, tian, TWO, cast.mei)


def test_nothing_is_dropped_into_the_past(order: DispatchOrder, cast: Cast, tian: User) -> None:
    with pytest.raises(WrongMove):
        moved(order, tian, "2026-01-04T10:00", cast.mei)


def test_technicians_and_customers_move_nothing(order: DispatchOrder, cast: Cast, tian: User) -> None:
    given(order, tian, cast.mei)
    for person in (tian, cast.zhao, cast.omar):
        with pytest.raises(PermissionDenied):
            moved(order, tian, TWO, person)


def test_the_board_drops_and_says_what_is_refused(order: DispatchOrder, cast: Cast, tian: User, client: Client) -> None:
    client.force_login(cast.mei)
    url, other = f"/field/{order.number}/move/", technician(cast, "luo")
    form = {"who": f"t{tian.pk}", "at": at("2026-01-05T17:00").isoformat(), "seen": "@"}
    assert client.post(url, form).status_code == 204
    assert client.post(url, form).status_code == 204
    refused = client.post(url, form | {"who": f"t{other.pk}"})
    assert refused.status_code == 409 and order.number in refused.content.decode()
    assert client.post(url, form | {"at": "soon"}).status_code == 400
    assert client.post(url, form | {"who": "t99999"}).status_code == 404
    assert client.post(url, form | {"who": ""}).status_code == 400
    page = client.get("/field/board/?day=2026-01-05").content.decode()
    assert f"/field/{order.number}/move/" in page and place_of(DispatchOrder.objects.get()) in page


def test_a_visit_out_of_reach_is_busy_time_without_words(order: DispatchOrder, cast: Cast, tian: User) -> None:
    given(order, tian, cast.mei)
    with timezone.override("Asia/Shanghai"):
        seen, hidden = (board_of(one, at(TEN).date(), at(NOW)).lines[0] for one in (cast.mei, cast.omar))
    assert ([bar.order for bar in seen.bars], seen.busy) == ([order], [])
    assert (hidden.bars, hidden.busy) == ([], [(seen.bars[0].begin, seen.bars[0].length)])
