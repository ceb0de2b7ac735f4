"""Units, places and important dates of the demo's customers."""

from collections.abc import Iterable
from datetime import date
from random import Random

from crmcore.actions.organisation import change_place, save_date, save_unit
from crmcore.models import Account, AccountContact, ImportantDate, Unit

CHINESE = "zh-hans"
UNITS = {CHINESE: ("总经办", "采购部", "售后服务部"), "en": ("Management", "Purchasing", "Operations")}
FOUNDED = {CHINESE: "公司成立日", "en": "Founding day"}
BIRTHDAY = {CHINESE: "生日", "en": "Birthday"}
# Every so many people know their birthday by the Chinese calendar.
LUNAR_EVERY = 3


def add_organisation(accounts: Iterable[Account]) -> None:
    """Give companies three units with heads, and customers days that matter; the same at every loading."""
    for account in accounts:
        rng, tongue = Random(account.code), CHINESE if account.language == CHINESE else "en"
        people = list(account.memberships.select_related("account", "contact").order_by("-is_primary", "pk"))
        if account.kind == Account.Kind.COMPANY:
            _units(account, people, tongue, rng)
            _day(account, None, FOUNDED[tongue], rng, since=rng.randrange(1985, 2019))
        for place in people[:2]:
            _day(account, place, BIRTHDAY[tongue], rng, lunar=tongue == CHINESE and place.pk % LUNAR_EVERY == 0)


def _units(account: Account, people: list[AccountContact], tongue: str, rng: Random) -> None:
    top, *below = UNITS[tongue]
    management = save_unit(Unit(account=account), by=None, name=top, head=people[0] if people else None)
    units = [management, *(save_unit(Unit(account=account), by=None, name=name, parent=management) for name in below)]
    for place, unit in zip(people, units, strict=False):
        since = date(rng.randrange(2015, 2025), rng.randrange(1, 13), 1)
        change_place(place, by=None, unit=unit, joined_on=since)


def _day(
    account: Account,
    place: AccountContact | None,
    occasion: str,
    rng: Random,
    *,
    since: int | None = None,
    lunar: bool = False,
) -> None:
    save_date(
        ImportantDate(account=account),
        by=None,
        contact=place.contact if place else None,
        occasion=occasion,
        calendar=ImportantDate.Calendar.LUNAR if lunar else ImportantDate.Calendar.SOLAR,
        month=rng.randrange(1, 13),
        day=rng.randrange(1, 29),
        since_year=since,
    )
