"""Field work through the API, under the caller's rights; and the report of repeated repairs."""

from datetime import timedelta

from django.test import Client

from crmcore.actions.products import register_product
from crmcore.models import Estate, Product
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tests.tickets.field import order as order
from tests.tickets.test_api import api
from tickets.actions.products import set_product
from tickets.models import DispatchOrder
from tickets.queries.repeats import often_repaired, per_hundred_households

NOW = "2026-02-10T12:00"


def test_orders_and_products_are_read_by_who_may(cast: Cast, order: DispatchOrder) -> None:
    own = register_product(by=cast.mei, account=cast.account, product=Product.objects.create(code="w", name="W"))
    address = f"/api/v1/dispatch-orders/{order.number}/"
    read = api(cast.mei).get(address).json()
    assert (read["ticket"], read["state"], read["costs"]) == (order.ticket.number, "planned", [])
    assert api(cast.mei).get("/api/v1/dispatch-orders/?state=planned").json()["results"][0]["number"] == order.number
    assert api(cast.omar).get(address).status_code == 404
    assert api(cast.mei).post(address, {}).status_code == 405
    assert api(cast.mei).get("/api/v1/products/").json()["results"][0]["id"] == own.pk


def test_repeats_and_repairs_per_hundred_households(cast: Cast, open_at: OpenTicket, client: Client) -> None:
    estate = Estate.objects.create(code="garden", name="Cloud Garden")
    kind = Product.objects.create(code="w", name="W")
    own = register_product(by=cast.mei, account=cast.account, product=kind, estate=estate)
    for days_ago in (100, 80, 60, 20, 5):
        moment = at(NOW) - timedelta(days=days_ago)
        set_product(open_at(moment.strftime("%Y-%m-%dT%H:%M")), own, by=cast.mei)
    assert often_repaired(cast.mei, at(NOW), 30) == [(own, 3)]
    rate = per_hundred_households(cast.mei, at(NOW))[0]
    assert (rate.households, rate.repairs, rate.rate) == (1, 2, 200.0)
    assert often_repaired(cast.omar, at(NOW), 30) == []
    client.force_login(cast.mei)
    assert client.get("/field/repeats/").status_code == 200
