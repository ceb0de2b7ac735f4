"""What the demo's companies offer and sell: prices, and quotes in every state of both worlds."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from crmcore import clock
from crmcore.actions.approvals import approve
from crmcore.actions.contract_steps import ask_for_leave as ask_for_contract
from crmcore.actions.contract_steps import sign_contract
from crmcore.actions.contracts import draft_contract
from crmcore.actions.quote_steps import accept_quote, ask_for_leave, decline_quote, send_quote
from crmcore.actions.quotes import Wish, draft_quote, revise_quote
from crmcore.actions.receivables import Instalment, book_payment, plan_payments
from crmcore.models import ApprovalSeat, Contract, NumberSequence, Opportunity, Price, PriceList, Product, Quote
from crmcore.queries.contracts import plans_for as plans_for_contract
from crmcore.queries.quotes import plans_for
from servicedesk.demo.products import PREFIX

# code, unit, price in minor units, currency
PRICES = (
    ("demo-washer", "台", 329_900, "CNY"),
    ("demo-heater", "台", 418_000, "CNY"),
    ("demo-cooker", "台", 269_900, "CNY"),
    ("demo-door", "樘", 486_000, "CNY"),
    ("demo-switch", "pcs", 248_000, "USD"),
    ("demo-gateway", "pcs", 96_500, "USD"),
)
PRODUCTS = {"CNY": ("demo-heater", "demo-cooker", "demo-door"), "USD": ("demo-switch", "demo-gateway")}
# code, name, Chinese name, currency, from how many on, percent of the list price
LISTS = (
    ("demo-cny", "Project prices", "工程价", "CNY", 50, 82),
    ("demo-usd", "Volume prices", "批量价", "USD", 20, 90),
)
TERMS = {
    "CNY": "交货期：合同签订后 20 天。付款：预付 30%，到货 60%，验收后 10%。质保：自安装之日起计算。",
    "USD": "Delivery within four weeks. Payment within 30 days of delivery. Warranty from the day of installation.",
}
REASONS = {
    "CNY": "项目量大，客户要求本周报价。",
    "USD": "A large project; they decide this week.",
}
PARTS = {"CNY": ("预付款", "到货款", "验收款"), "USD": ("Deposit", "On delivery", "On acceptance")}
STAGES = ("quoted", "negotiating", "won", "lost")
OF_STAGE = 6


def add_sales(*, now: datetime) -> None:
    """Set prices, then write a quote for opportunities that stand where one belongs."""
    _set_prices()
    for stage in STAGES:
        for currency, codes in PRODUCTS.items():
            deals = Opportunity.objects.filter(is_demo=True, stage__code=stage, currency=currency).exclude(owner=None)
            deals = deals.filter(owner__led_teams=None)
            rows = deals.select_related("account", "contact", "owner").order_by("pk")[:OF_STAGE]
            for place, (deal, code) in enumerate(zip(rows, cycle(codes), strict=False)):
                _quote(deal, Product.objects.get(code=code), place, now=now)


def remove_prices() -> None:
    """The price lists of the demo."""
    PriceList.objects.filter(code__startswith=PREFIX).delete()


def forget_numbers() -> None:
    """Where none is left, the first one gets the first number."""
    if not Quote.objects.exists():
        NumberSequence.objects.filter(key="quote").delete()
    if not Contract.objects.exists():
        NumberSequence.objects.filter(key="contract").delete()


def _set_prices() -> None:
    for code, unit, price, currency in PRICES:
        rate = 1300 if currency == "CNY" else 0
        Product.objects.filter(code=code).update(unit=unit, price_minor=price, currency=currency, tax_rate=rate)
    for code, name, name_zh, currency, quantity, percent in LISTS:
        made, created = PriceList.objects.get_or_create(
            code=code, defaults={"name": name, "name_zh": name_zh, "currency": currency}
        )
        for product in Product.objects.filter(code__startswith=PREFIX, currency=currency) if created else ():
            price = (product.price_minor or 0) * percent // 100
            Price.objects.create(price_list=made, product=product, min_quantity=quantity, price_minor=price)


def _quote(deal: Opportunity, product: Product, place: int, *, now: datetime) -> None:
    quantity = max(1, deal.amount_minor // (product.price_minor or 1))
    with clock.at(now - timedelta(days=9 - place, hours=3)):
        quote = draft_quote(
            by=deal.owner,
            account=deal.account,
            contact=deal.contact,
            opportunity=deal,
            title=deal.name,
            currency=deal.currency,
            terms=TERMS[deal.currency],
            lines=[Wish(product, Decimal(quantity), 500 if place % 2 else 0)],
            is_demo=True,
        )
    with clock.at(now - timedelta(days=8 - place)):
        _settle(quote, deal, place)


def _settle(quote: Quote, deal: Opportunity, place: int) -> None:
    """Where its opportunity stands, there it stands; some wait for their approval, some are drafts."""
    if deal.stage.code == "quoted":
        if place % 3 == 0:
            _ask(quote)
        elif place % 3 == 1:
            _sent(quote)
        return
    sent = _sent(quote)
    if deal.stage.code == "negotiating":
        newer = revise_quote(sent, by=deal.owner)
        if place % 2 == 0:
            _ask(newer)
    elif deal.stage.code == "won":
        _agree(accept_quote(sent, by=deal.owner), place)
    else:
        decline_quote(sent, by=deal.owner, reason=deal.lost_reason or "–")


def _ask(quote: Quote) -> None:
    if plans_for(quote) and quote.owner is not None:
        ask_for_leave(quote, by=quote.owner, reason=REASONS[quote.currency])


def _sent(quote: Quote) -> Quote:
    """Sent, with the leave that it needs."""
    _ask(quote)
    for seat in ApprovalSeat.objects.filter(step__request__quoteapproval__quote=quote, is_waiting=True):
        approve(seat.pk, by=seat.user)
    return send_quote(quote, by=quote.owner)


def _agree(quote: Quote, place: int) -> None:
    """A contract from an accepted quote, signed where its turn has come, paid in three parts."""
    today = timezone.localdate(clock.now())
    contract = draft_contract(
        by=quote.owner,
        account=quote.account,
        quote=quote,
        title=quote.title,
        amount_minor=quote.total_minor,
        currency=quote.currency,
        starts_on=today,
        ends_on=today + timedelta(days=365 if place else 40),
        is_demo=True,
    )
    if plans_for_contract(contract) and quote.owner is not None:
        ask_for_contract(contract, by=quote.owner)
        if place % 3 == 2:
            return
        for seat in ApprovalSeat.objects.filter(step__request__contractapproval__contract=contract, is_waiting=True):
            approve(seat.pk, by=seat.user)
    sign_contract(contract, by=quote.owner, day=today)
    _owe(contract, today)


def _owe(contract: Contract, today: date) -> None:
    """The first part came half and is late; the others are still to come."""
    names, third = PARTS[contract.currency], contract.amount_minor // 3
    amounts = (third, third, contract.amount_minor - 2 * third)
    days = (3, 40, 90)
    parts = [
        Instalment(name, today + timedelta(days=day), amount)
        for name, day, amount in zip(names, days, amounts, strict=True)
    ]
    first = plan_payments(
        contract.account, parts, currency=contract.currency, by=None, contract=contract, is_demo=True
    )[0]
    key = uuid5(NAMESPACE_URL, f"demo-payment-{contract.number}")
    book_payment(first, key=key, amount_minor=third // 2, paid_on=today, by=None)
