"""What the demo's customers have bought, where it stands, and which of their tickets are about it."""

from datetime import datetime, timedelta
from itertools import cycle
from random import Random

from crmcore.actions.products import register_product
from crmcore.models import Account, Estate, InstalledProduct, Product, Region
from servicedesk.demo.cast import Cast
from tickets.models import Ticket

PREFIX = "demo-"
# code, name, Chinese name, model, months of warranty
PRODUCTS = (
    ("demo-washer", "Washing machine", "滚筒洗衣机", "CG-W10", 36),
    ("demo-heater", "Water heater", "燃气热水器", "CG-H16", 60),
    ("demo-cooker", "Range hood", "吸油烟机", "CG-C3", 24),
    ("demo-door", "Entrance door", "入户门", "YX-D2", 24),
    ("demo-switch", "Core switch", "核心交换机", "NX-48P", 36),
    ("demo-gateway", "VPN gateway", "VPN网关", "NX-G2", 24),
)
OF_LANGUAGE = {
    "zh-hans": ("demo-washer", "demo-heater", "demo-cooker", "demo-door"),
    "en": ("demo-switch", "demo-gateway", "demo-door"),
}
ESTATES = {
    "zh-hans": (("demo-cloud-garden", "Cloud Garden", "云栖花园"), ("demo-river-view", "River View", "江景苑")),
    "en": (("demo-riverside", "Riverside", "河畔"), ("demo-harbour", "Harbour Yard", "港湾")),
}
ABOUT = ("repair", "property_complaint", "complaint", "question")
TICKETS = 160


def add_products(cast: Cast, *, now: datetime, rng: Random) -> None:
    """Give customers products, and say of their tickets which one they are about."""
    kinds = {row[0]: _product(place, *row) for place, row in enumerate(PRODUCTS)}
    owners = [row for row in cast.accounts.values() if row.language in OF_LANGUAGE]
    for language, codes in OF_LANGUAGE.items():
        estates = cycle(_estate(place, *row) for place, row in enumerate(ESTATES[language]))
        mine = [row for row in owners if row.language == language]
        for account, code in zip(mine, cycle(codes), strict=False):
            _install(account, kinds[code], next(estates), now=now, rng=rng)
    _tell_tickets(owners)


def _install(account: Account, kind: Product, estate: Estate, *, now: datetime, rng: Random) -> InstalledProduct:
    bought = (now - timedelta(days=rng.randrange(60, 1500))).date()
    number = f"{kind.model.replace('-', '')}{bought:%y%m}{rng.randrange(10_000, 99_999)}"
    return register_product(
        by=None,
        account=account,
        product=kind,
        serial_number=number,
        estate=estate,
        bought_on=bought,
        installed_on=bought + timedelta(days=rng.randrange(2, 20)),
        is_demo=True,
    )


def _tell_tickets(owners: list[Account]) -> None:
    of_account = {row.account_id: row for row in InstalledProduct.objects.filter(account__in=owners)}
    rows = Ticket.objects.filter(account__in=list(of_account), type__code__in=ABOUT).order_by("-opened_at")[:TICKETS]
    found = list(rows.only("pk", "account"))
    for ticket in found:
        ticket.product = of_account[ticket.account_id or 0]
    Ticket.objects.bulk_update(found, ["product"], batch_size=200)


def _product(place: int, code: str, name: str, name_zh: str, model: str, months: int) -> Product:
    facts = {"name": name, "name_zh": name_zh, "model": model, "warranty_months": months, "position": place}
    return Product.objects.get_or_create(code=code, defaults=facts)[0]


def _estate(place: int, code: str, name: str, name_zh: str) -> Estate:
    region = Region.objects.order_by("pk").first()
    facts = {"name": name, "name_zh": name_zh, "region": region, "position": place}
    return Estate.objects.get_or_create(code=code, defaults=facts)[0]
