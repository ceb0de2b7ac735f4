"""Products of customers: warranty on the day of the report, serial numbers, repeated reports, and who sees them."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from crmcore.actions.products import months_after, register_product, update_product
from crmcore.models import Account, InstalledProduct, Product, Warranty
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.moves import WrongMove
from tickets.actions.products import set_product
from tickets.models import Ticket
from tickets.queries.products import product_of, repairs_of
from tickets.queries.timeline import timeline

MON = "2026-01-05T"


@pytest.fixture
def washer(db: None) -> Product:
    return Product.objects.create(code="washer", name="Washer", name_zh="洗衣机", model="W10", warranty_months=24)


@pytest.fixture
def own(cast: Cast, washer: Product) -> InstalledProduct:
    Account.objects.filter(pk=cast.account.pk).update(time_zone="Asia/Shanghai")
    cast.account.refresh_from_db()
    return register_product(
        by=cast.mei, account=cast.account, product=washer, serial_number="ab 12-３", bought_on=date(2024, 1, 5)
    )


def test_a_warranty_runs_the_months_of_the_product(own: InstalledProduct) -> None:
    assert own.warranty_until == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 12, 15), 24, date(2026, 12, 15)),
        (date(2024, 5, 31), 1, date(2024, 6, 30)),
    ],
)
def test_months_end_on_the_last_day_that_there_is(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_the_last_day_counts_by_the_customers_clock(own: InstalledProduct) -> None:
    assert own.warranty_at(at("2026-01-05T23:59")) is Warranty.HOLDS
    assert own.warranty_at(at("2026-01-06T00:00")) is Warranty.ENDED


def test_the_day_of_the_report_decides_and_not_today(own: InstalledProduct, cast: Cast, open_at: OpenTicket) -> None:
    ticket = set_product(open_at("2025-12-01T10:00"), own, by=cast.mei)
    assert product_of(ticket, cast.mei, may_edit=True).warranty is Warranty.HOLDS
    late = set_product(open_at("2026-02-01T10:00"), own, by=cast.mei)
    assert product_of(late, cast.mei, may_edit=True).warranty is Warranty.ENDED


def test_a_serial_number_is_one_however_it_is_typed(own: InstalledProduct, cast: Cast, washer: Product) -> None:
    assert own.serial_number == "AB123"
    with pytest.raises(ValidationError):
        register_product(by=cast.mei, account=cast.account, product=washer, serial_number="AB-12 3")
    other = Product.objects.create(code="dryer", name="Dryer")
    assert register_product(by=cast.mei, account=cast.account, product=other, serial_number="AB123").pk


def test_the_database_refuses_a_second_one_as_well(own: InstalledProduct) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        InstalledProduct.objects.create(
            account=own.account, product=own.product, serial_number="AB123", created_at=at(MON + "09:00")
        )


def test_a_warranty_cannot_end_before_the_purchase(own: InstalledProduct, cast: Cast) -> None:
    with pytest.raises(ValidationError):
        update_product(own, by=cast.mei, warranty_until=date(2023, 1, 1))


def test_customers_see_their_own_products_only(own: InstalledProduct, cast: Cast, washer: Product) -> None:
    stranger = Account.objects.create(code="C-9", name="Stranger", created_at=at(MON + "09:00"))
    register_product(by=cast.ada, account=stranger, product=washer)
    assert list(InstalledProduct.objects.visible_to(cast.zhao)) == [own]


def test_customers_change_no_product(own: InstalledProduct, cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        update_product(own, by=cast.zhao, warranty_until=date(2030, 1, 1))


def test_a_ticket_is_about_a_product_of_its_customer(cast: Cast, open_at: OpenTicket, washer: Product) -> None:
    stranger = Account.objects.create(code="C-9", name="Stranger", created_at=at(MON + "09:00"))
    foreign = register_product(by=cast.ada, account=stranger, product=washer)
    with pytest.raises(WrongMove):
        set_product(open_at(MON + "09:00"), foreign, by=cast.mei)


def test_the_same_choice_twice_is_one_entry(own: InstalledProduct, cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    set_product(set_product(ticket, own, by=cast.mei), own, by=cast.mei)
    said = [entry.did for entry in timeline(ticket, cast.mei).entries]
    assert said.count("said that this is about Washer W10 AB123") == 1


def test_a_report_within_thirty_days_is_a_repeat(own: InstalledProduct, cast: Cast, open_at: OpenTicket) -> None:
    for moment in ("2025-10-01T10:00", "2025-12-01T10:00", "2025-12-31T10:00", "2026-01-30T10:01"):
        set_product(open_at(moment), own, by=cast.mei)
    assert [repair.is_repeat for repair in repairs_of(own, cast.mei, 30)] == [False, True, False, False]


def test_the_side_shows_the_warranty_and_takes_the_choice(
    own: InstalledProduct, cast: Cast, client: Client, open_at: OpenTicket
) -> None:
    client.force_login(cast.mei)
    ticket = open_at("2025-12-01T10:00")
    address = reverse("tickets:product", args=[ticket.number])
    page = client.post(address, {"product": own.pk}, headers={"HX-Request": "true"}).content.decode()
    assert "sd-warranty--holds" in page
    assert Ticket.objects.get(pk=ticket.pk).product == own
    client.force_login(cast.omar)
    assert client.post(address, {"product": ""}).status_code == 404


def test_pages_of_products(own: InstalledProduct, cast: Cast, client: Client) -> None:
    client.force_login(cast.mei)
    assert "AB123" in client.get("/crm/products/?q=ab12").content.decode()
    assert "AB123" in client.get(own.get_absolute_url()).content.decode()
    form = {"product": own.product_id, "serial_number": "AB123", "warranty_until": "2027-01-01"}
    refused = client.post(f"/crm/products/new/?account={own.account_id}", form)
    assert refused.status_code == 422
    assert "has this serial number" in refused.content.decode()
    assert client.post(f"/crm/products/{own.pk}/edit/", form | {"is_active": "on"}).status_code == 302
    own.refresh_from_db()
    assert own.warranty_until == date(2027, 1, 1)
    client.force_login(cast.zhao)
    assert client.get(own.get_absolute_url()).status_code == 403
