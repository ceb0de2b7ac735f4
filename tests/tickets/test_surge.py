"""Waves of repairs are seen against what is usual, and their tickets get one cause."""

from datetime import timedelta

import pytest
from django.test import Client

from crmcore import clock
from crmcore.actions.products import register_product
from crmcore.models import Estate, InstalledProduct, Product
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.products import set_product
from tickets.models import Ticket, TicketLink
from tickets.queries.surge import score, surges

NOW = "2026-02-10T12:00"


@pytest.fixture
def washer(cast: Cast) -> InstalledProduct:
    kind = Product.objects.create(code="washer", name="Washer")
    estate = Estate.objects.create(code="garden", name="Cloud Garden")
    return register_product(by=cast.mei, account=cast.account, product=kind, estate=estate)


def came(open_at: OpenTicket, cast: Cast, washer: InstalledProduct, days_ago: float) -> Ticket:
    moment = at(NOW) - timedelta(days=days_ago)
    return set_product(open_at(moment.strftime("%Y-%m-%dT%H:%M")), washer, by=cast.mei)


@pytest.mark.parametrize(
    ("latest", "baseline", "deviations"),
    [(4, [0] * 7, 8.0), (1, [1] * 7, 0.0), (10, [1, 2, 3, 1, 2, 3, 2], (10 - 2) / (4 / 6) ** 0.5)],
)
def test_the_score_counts_deviations_above_the_mean(latest: int, baseline: list[int], deviations: float) -> None:
    assert score(latest, baseline) == pytest.approx(deviations)


@pytest.mark.parametrize("way", ["estate", "product"])
def test_a_wave_is_seen_where_it_comes(cast: Cast, open_at: OpenTicket, washer: InstalledProduct, way: str) -> None:
    for days_ago in (0.1, 0.2, 0.3, 0.4, 5):
        came(open_at, cast, washer, days_ago)
    place = surges(cast.mei, way, at(NOW))[0]
    assert (place.open, place.latest, place.is_surge) == (5, 4, True)
    assert surges(cast.omar, way, at(NOW)) == []


def test_the_days_before_do_not_hide_a_wave_that_goes_on(
    cast: Cast, open_at: OpenTicket, washer: InstalledProduct
) -> None:
    for days_ago in (0.1, 0.2, 0.3, 1.1, 1.2, 1.3, 2.1, 2.2, 2.3):
        came(open_at, cast, washer, days_ago)
    assert surges(cast.mei, "estate", at(NOW))[0].is_surge


def test_the_usual_number_and_a_handful_are_no_surge(cast: Cast, open_at: OpenTicket, washer: InstalledProduct) -> None:
    for days_ago in (0.1, 0.2):
        came(open_at, cast, washer, days_ago)
    assert not surges(cast.mei, "estate", at(NOW))[0].is_surge
    for day in range(1, 11):
        for hour in (1, 2, 3):
            came(open_at, cast, washer, day + hour / 24)
    came(open_at, cast, washer, 0.3)
    assert not surges(cast.mei, "estate", at(NOW))[0].is_surge


def test_all_of_a_wave_get_one_cause_once(
    cast: Cast, open_at: OpenTicket, washer: InstalledProduct, client: Client
) -> None:
    tickets = [came(open_at, cast, washer, part / 10) for part in (1, 2, 3)]
    problem = open_at(NOW)
    client.force_login(cast.mei)
    page = f"/field/surge/estate/{washer.estate_id}/"
    with clock.at(at(NOW)):
        assert client.get("/field/surge/?by=estate").status_code == 200
        assert tickets[0].number in client.get(page).content.decode()
        for _time in range(2):
            assert client.post(f"{page}tie/", {"problem": problem.number.lower()}).status_code == 302
    links = TicketLink.objects.filter(target=problem, kind="incident")
    assert sorted(links.values_list("source", flat=True)) == sorted(one.pk for one in tickets)
    client.force_login(cast.omar)
    client.post(f"{page}tie/", {"problem": problem.number})
    assert links.count() == 3
    assert client.get("/field/surge/estate/999999/").status_code == 404
    assert client.get("/field/surge/nothing/1/").status_code == 404
