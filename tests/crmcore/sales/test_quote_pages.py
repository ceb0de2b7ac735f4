"""The pages and the API of quotes."""

from collections.abc import Callable

import pytest
from django.test import Client

from crmcore.actions import quote_steps
from crmcore.models import Account, ApprovalPlan, Product, Quote
from crmcore.queries.quotes import plans_for
from tests.cast import Cast
from tests.crmcore.conftest import signed_in

Made = Callable[..., Quote]
HEAD = {"title": "Laundry", "currency": "CNY", "valid_until": "2027-01-31", "terms": "", "contact": "", "owner": ""}


@pytest.fixture
def mei(cast: Cast) -> Client:
    return signed_in(cast.mei)


def test_a_quote_is_written_in_one_post(mei: Client, ellery: Account, washer: Product) -> None:
    lines = {"line-0-product": washer.pk, "line-0-quantity": "2", "line-0-discount": "5", "line-1-product": ""}
    answer = mei.post(f"/crm/quotes/new/?account={ellery.pk}", {**HEAD, **lines})
    quote = Quote.objects.get()
    assert answer["Location"] == quote.get_absolute_url()
    assert quote.greatest_discount == 500
    assert "6,438.85" in mei.get(quote.get_absolute_url()).content.decode()


def test_nothing_typed_is_lost_when_a_price_is_missing(mei: Client, ellery: Account, washer: Product) -> None:
    lines = {"line-0-product": washer.pk, "line-0-quantity": "2"}
    answer = mei.post(f"/crm/quotes/new/?account={ellery.pk}", {**HEAD, **lines, "currency": "USD"})
    assert answer.status_code == 422
    assert "has no price in USD" in answer.content.decode()
    assert 'value="Laundry"' in answer.content.decode()


def test_who_does_not_see_it_finds_no_page(cast: Cast, quoted: Made) -> None:
    quote, omar = quoted(), signed_in(cast.omar)
    for path in ("", "edit/", "print/"):
        assert omar.get(f"/crm/quotes/{quote.pk}/{path}").status_code == 404
    assert omar.post(f"/crm/quotes/{quote.pk}/act/", {"do": "send"}).status_code == 404
    assert quote.label not in omar.get("/crm/quotes/").content.decode()
    assert quote.label not in omar.get(f"/crm/accounts/{quote.account_id}/sales/").content.decode()


def test_sales_of_a_customer_show_quotes(mei: Client, quoted: Made) -> None:
    quote = quoted()
    assert quote.label in mei.get(f"/crm/accounts/{quote.account_id}/sales/").content.decode()


def test_steps_are_taken_on_the_page_and_refusals_said(mei: Client, quoted: Made) -> None:
    quote = quoted("40")
    html = mei.post(f"/crm/quotes/{quote.pk}/act/", {"do": "send"}, follow=True).content.decode()
    assert "needs an approval first" in html
    mei.post(f"/crm/quotes/{quote.pk}/act/", {"do": "ask", "reason": "big customer"})
    quote.refresh_from_db()
    assert quote.state == Quote.State.APPROVAL


def test_printed_in_both_languages_with_capitals_and_a_place_for_the_seal(mei: Client, quoted: Made) -> None:
    quote = quoted()
    chinese = mei.get(f"/crm/quotes/{quote.pk}/print/?language=zh").content.decode()
    english = mei.get(f"/crm/quotes/{quote.pk}/print/?language=en").content.decode()
    assert "大写金额：人民币陆仟柒佰柒拾柒元柒角肆分" in chinese
    assert "洗衣机" in chinese
    assert "Customer (signature and seal)" in english
    assert "Draft, not an offer" in english


def test_api_prices_and_steps_a_quote(mei: Client, ellery: Account, washer: Product) -> None:
    line = {"product": "washer", "quantity": "2", "price_minor": 1}
    made = mei.post(
        "/api/v1/quotes/", {"account": ellery.pk, "title": "x", "lines": [line]}, content_type="application/json"
    ).json()
    assert made["lines"][0]["price_minor"] == 299_900
    url = f"/api/v1/quotes/{made['id']}/step/"
    assert mei.post(url, {"do": "send"}, content_type="application/json").json()["state"] == "sent"
    refused = mei.post(url, {"do": "decline"}, content_type="application/json")
    assert refused.status_code == 400


def test_api_shows_nobody_elses_quote(cast: Cast, quoted: Made) -> None:
    quote = quote_steps.send_quote(quoted(), by=cast.mei)
    omar = signed_in(cast.omar)
    assert omar.get(f"/api/v1/quotes/{quote.pk}/").status_code == 404
    assert omar.get("/api/v1/quotes/").json()["results"] == []


def test_plans_for_quotes_are_written_with_amount_and_discount(cast: Cast, quoted: Made) -> None:
    ada, quote = signed_in(cast.ada), quoted("40")
    step = {"step-0-place": "1", "step-0-name": "Chief", "step-0-who": f"user:{cast.ada.pk}", "step-0-needs": "one"}
    plan = ApprovalPlan.objects.get(code="large-quotes")
    ada.post(f"/settings/approvals/{plan.pk}/", {"name": "Huge", "amount": "1000000", "discount": "50", **step})
    assert plan.versions.count() == 2
    assert plans_for(quote) == []
    ada.post("/settings/quote-approvals/new/", {"name": "All", "amount": "", "discount": "", **step})
    assert [one.name for one in plans_for(quote)] == ["All"]
