"""What customers have of us: theirs alone, with the warranty, and a fault of it is reported in one step."""

from datetime import timedelta

import pytest
from django.test import Client

from crmcore import clock
from crmcore.models import Account, InstalledProduct, Product, User
from servicedesk.portal import once
from tests.cast import Cast
from tests.servicedesk.portal.conftest import request_of
from tickets.actions.dispatching import write_order
from tickets.models import DispatchOrder, Ticket, TicketType


@pytest.fixture
def boiler(cast: Cast) -> InstalledProduct:
    return installed(cast.account, "B-1", until=30)


def installed(account: Account, serial: str, *, until: int) -> InstalledProduct:
    kind = Product.objects.get_or_create(code="boiler", defaults={"name": "Boiler", "name_zh": "锅炉"})[0]
    now = clock.now()
    return InstalledProduct.objects.create(
        account=account,
        product=kind,
        serial_number=serial,
        warranty_until=now.date() + timedelta(days=until),
        created_at=now,
    )


def report(client: Client, product: int) -> int:
    kind = TicketType.objects.get(code="request")
    form = {"text": "It leaks", "type": str(kind.pk), "urgency": "normal", "once": once.fresh()}
    return client.post("/portal/requests/new/", form | {"product": str(product)}).status_code


def test_own_products_stand_with_their_warranty(zhao: Client, cast: Cast, boiler: InstalledProduct) -> None:
    installed(cast.account, "B-2", until=-1)
    page = zhao.get("/portal/products/").content.decode()
    assert "B-1" in page and "In warranty" in page
    assert "B-2" in page and "Out of warranty" in page


def test_products_of_others_are_neither_shown_nor_reported(
    client: Client, stranger: User, boiler: InstalledProduct
) -> None:
    client.force_login(stranger)
    assert "B-1" not in client.get("/portal/products/").content.decode()
    assert report(client, boiler.pk) == 422
    assert not Ticket.objects.exists()


def test_a_fault_is_reported_of_the_product(zhao: Client, cast: Cast, boiler: InstalledProduct) -> None:
    asked = zhao.get(f"/portal/requests/new/?product={boiler.pk}").content.decode()
    assert f'<option value="{boiler.pk}" selected>' in asked
    assert report(zhao, boiler.pk) == 302
    ticket = Ticket.objects.get()
    assert (ticket.product, ticket.account) == (boiler, cast.account)


def test_who_has_no_products_is_not_asked_for_one(client: Client, stranger: User) -> None:
    client.force_login(stranger)
    assert 'name="product"' not in client.get("/portal/requests/new/").content.decode()


def test_coming_visits_stand_above(zhao: Client, cast: Cast) -> None:
    order = write_order(request_of(cast, cast.zhao, "It leaks"), by=cast.mei, task="Look at it")
    soon = clock.now() + timedelta(hours=2)
    given = {"starts_at": soon, "ends_at": soon + timedelta(hours=1)}
    assert order.ticket.number not in zhao.get("/portal/products/").content.decode()
    DispatchOrder.objects.filter(pk=order.pk).update(**given)
    assert order.ticket.number in zhao.get("/portal/products/").content.decode()
    DispatchOrder.objects.filter(pk=order.pk).update(state="cancelled", over_at=soon)
    assert order.ticket.number not in zhao.get("/portal/products/").content.decode()
