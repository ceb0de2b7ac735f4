"""A firm with somebody who signs in, and a visit for a ticket with a product, an article and words of the customer."""

from pathlib import Path

import pytest
from django.test import Client

from crmcore import clock
from crmcore.actions.firms import add_firm_person
from crmcore.firm_rights import MODULES
from crmcore.models import Firm, InstalledProduct, Product, User
from knowledgebase.models import Article, Category
from tests.cast import Cast
from tests.knowledgebase.shelf import make_article
from tests.tickets.conftest import at
from tests.tickets.conftest import cast as cast
from tests.tickets.conftest import open_at as open_at
from tests.tickets.field import NOW, window
from tests.tickets.field import order as order
from tickets.actions.dispatching import give_order
from tickets.actions.replies import add_note, reply
from tickets.models import DispatchOrder, Ticket

EVERYTHING = [module.key(operation) for module in MODULES for operation in module.operations]


@pytest.fixture
def firm(cast: Cast) -> Firm:
    return Firm.objects.create(code="roofers", name="Roofers", crews=1, allowed=EVERYTHING)


@pytest.fixture
def rita(cast: Cast, firm: Firm) -> User:
    add_firm_person(firm, by=None, username="rita", name="Rita", language="en", time_zone="UTC")
    return User.objects.get(username="rita")


@pytest.fixture
def door(client: Client, rita: User) -> Client:
    """A browser in which Rita is signed in."""
    client.force_login(rita)
    return client


@pytest.fixture
def theirs(order: DispatchOrder, cast: Cast, firm: Firm, files: Path) -> DispatchOrder:
    """A visit of the firm, accepted, for a ticket on which the desk said something to its customer and to itself."""
    product = InstalledProduct.objects.create(
        account=cast.account,
        product=Product.objects.create(code="washer", name="Washing machine"),
        serial_number="WM12345",
        created_at=clock.now(),
    )
    Ticket.objects.filter(pk=order.ticket_id).update(product=product)
    with clock.at(at(NOW)):
        reply(order.ticket, by=cast.mei, body="We send somebody")
        add_note(order.ticket, by=cast.mei, body="Customer is difficult")
        given = give_order(order, by=cast.mei, firm=firm, window=window("2026-01-05T10:00"))
    DispatchOrder.objects.filter(pk=given.pk).update(state="accepted")
    return given


@pytest.fixture
def tiles(db: None) -> Article:
    category = Category.objects.create(slug="roofs", name="Roofs")
    return make_article(category, by=None, english=("Loose tiles", "Short.", "Text."), audience="partners")
