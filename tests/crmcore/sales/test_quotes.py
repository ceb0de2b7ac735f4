"""Quotes: written, approved, sent, answered, made anew."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from crmcore import clock
from crmcore.actions import approvals, quote_steps, quotes
from crmcore.actions.quotes import Wish
from crmcore.models import Account, ApprovalRequest, ApprovalSeat, Product, Quote
from tests.cast import Cast

Made = Callable[..., Quote]
State = Quote.State


def seat_of(quote: Quote) -> ApprovalSeat:
    return ApprovalSeat.objects.get(step__request__quoteapproval__quote=quote, is_waiting=True)


def test_the_desk_says_price_tax_and_total(quoted: Made) -> None:
    quote = quoted("2", 500)
    assert quote.number.startswith("Q-")
    assert quote.total_minor == 569_810 + 74_075


def test_a_product_without_a_price_is_refused(cast: Cast, ellery: Account, washer: Product) -> None:
    with pytest.raises(ValidationError, match="no price in USD"):
        quotes.draft_quote(by=cast.mei, account=ellery, title="x", currency="USD", lines=[Wish(washer, Decimal(1))])
    assert not Quote.objects.exists()


def test_whoever_does_not_see_the_customers_contact_cannot_name_it(cast: Cast, quoted: Made) -> None:
    with pytest.raises(PermissionDenied):
        quotes.change_quote(quoted(), by=cast.omar, lines=[], title="y")


def test_a_sent_version_never_changes(cast: Cast, quoted: Made, washer: Product) -> None:
    quote = quote_steps.send_quote(quoted(), by=cast.mei)
    with pytest.raises(ValidationError):
        quotes.change_quote(quote, by=cast.mei, lines=[Wish(washer, Decimal(9))])
    assert quote.lines.get().quantity == 2


def test_revising_makes_one_next_version_at_todays_prices(cast: Cast, quoted: Made, washer: Product) -> None:
    quote = quote_steps.send_quote(quoted(), by=cast.mei)
    Product.objects.filter(pk=washer.pk).update(price_minor=100_000)
    newer = quotes.revise_quote(quote, by=cast.mei)
    assert quotes.revise_quote(quote, by=cast.mei) == newer
    assert (newer.number, newer.version, newer.state) == (quote.number, 2, State.DRAFT)
    assert newer.lines.get().price_minor == 100_000
    quote.refresh_from_db()
    assert quote.state == State.REPLACED
    assert quote.lines.get().price_minor == 299_900


def test_the_database_keeps_one_living_version(quoted: Made) -> None:
    quote = quoted()
    with pytest.raises(IntegrityError), transaction.atomic():
        quote.pk, quote.version = None, 2
        quote.save(force_insert=True)


def test_a_small_quote_goes_out_without_leave(cast: Cast, quoted: Made) -> None:
    quote = quoted()
    with pytest.raises(ValidationError, match="needs no approval"):
        quote_steps.ask_for_leave(quote, by=cast.mei)
    assert quote_steps.send_quote(quote, by=cast.mei).state == State.SENT


@pytest.mark.parametrize(("quantity", "discount"), [("40", 0), ("1", 1000)])
def test_a_large_quote_or_discount_needs_leave(cast: Cast, quoted: Made, quantity: str, discount: int) -> None:
    quote = quoted(quantity, discount)
    with pytest.raises(ValidationError, match="needs an approval first"):
        quote_steps.send_quote(quote, by=cast.mei)
    quote_steps.ask_for_leave(quote, by=cast.mei)
    approvals.approve(seat_of(quote).pk, by=cast.sun)
    quote.refresh_from_db()
    assert quote.state == State.APPROVED
    assert quote_steps.send_quote(quote, by=cast.mei).state == State.SENT


def test_a_no_makes_it_a_draft_again(cast: Cast, quoted: Made) -> None:
    quote = quote_steps.ask_for_leave(quoted("40"), by=cast.mei)
    approvals.reject(seat_of(quote).pk, by=cast.sun, text="too cheap")
    quote.refresh_from_db()
    assert quote.state == State.DRAFT


def test_withdrawing_makes_it_a_draft_again(cast: Cast, quoted: Made) -> None:
    quote = quote_steps.ask_for_leave(quoted("40"), by=cast.mei)
    approvals.withdraw(ApprovalRequest.objects.get(), by=cast.mei)
    quote.refresh_from_db()
    assert quote.state == State.DRAFT


def test_while_it_waits_nobody_changes_it(cast: Cast, quoted: Made, washer: Product) -> None:
    quote = quote_steps.ask_for_leave(quoted("40"), by=cast.mei)
    with pytest.raises(ValidationError, match="Only a draft"):
        quotes.change_quote(quote, by=cast.mei, lines=[Wish(washer, Decimal(1))])


def test_what_is_opened_again_needs_a_new_approval(cast: Cast, quoted: Made) -> None:
    quote = quote_steps.ask_for_leave(quoted("40"), by=cast.mei)
    approvals.approve(seat_of(quote).pk, by=cast.sun)
    quote = quote_steps.reopen_quote(quote, by=cast.mei)
    with pytest.raises(ValidationError, match="needs an approval first"):
        quote_steps.send_quote(quote, by=cast.mei)
    assert quote_steps.ask_for_leave(quote, by=cast.mei).state == State.APPROVAL


def test_accepted_within_its_validity_only(cast: Cast, quoted: Made) -> None:
    quote = quote_steps.send_quote(quoted(), by=cast.mei)
    Quote.objects.filter(pk=quote.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(ValidationError, match="no longer valid"):
        quote_steps.accept_quote(quote, by=cast.mei)


def test_declined_with_a_reason(cast: Cast, quoted: Made) -> None:
    quote = quote_steps.send_quote(quoted(), by=cast.mei)
    with pytest.raises(ValidationError, match="Say why"):
        quote_steps.decline_quote(quote, by=cast.mei, reason=" ")
    assert quote_steps.decline_quote(quote, by=cast.mei, reason="price").reason == "price"


def test_sent_quotes_expire_after_their_last_day(cast: Cast, quoted: Made) -> None:
    today = timezone.localdate()
    quote = quote_steps.send_quote(quoted(valid_until=today), by=cast.mei)
    assert quote_steps.expire_quotes(clock.now()) == 0
    assert quote_steps.expire_quotes(clock.now() + timedelta(days=1)) == 1
    quote.refresh_from_db()
    assert quote.state == State.EXPIRED
