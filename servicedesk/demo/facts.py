"""What the demo knows of its customers beside their names: classes, papers, visiting hours, wishes."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from crmcore.credit_code import last_sign
from crmcore.models import CodeEntry
from servicedesk.demo.schema import AccountText, ContactText

CHINESE = "zh-hans"
# The industry is told by the first word of these that the name holds.
INDUSTRIES = (
    ("hospitality", "Hotel Brew Baker Wines 酒店 民宿"),
    ("transport", "Logistics Freight Ferries Buses Taxi Parking"),
    ("construction", "Architect Stonework Quarr 装饰 整装"),
    ("health", "Clinic Dental Physio Care Veterinary Optic 养老"),
    ("education", "School Academy Librar Observatory Laboratory 幼儿园"),
    ("finance", "Credit Insurance"),
    ("property", "Housing Cowork 物业 房地产 公寓"),
    ("manufacturing", "Mills Foods Creamery Solar Wind Print 厨卫"),
    ("trade", "Trading Merchants Garden Cycle Auction 家电 电器 厨电"),
)
# By language.
BANKS = {CHINESE: ("中国工商银行", "招商银行", "中国建设银行"), "en": ("First Harbor Bank", "Northgate Trust")}
PEOPLE = {CHINESE: ("周建国", "林晓东", "陈立群", "何敏"), "en": ("Margaret Doyle", "Samuel Okafor", "Helen Park")}
WISHES = {
    CHINESE: ("上门前半小时先来电。", "请用普通话沟通，不要发英文邮件。", "发票与货物同时送达。"),
    "en": ("Call half an hour before arriving.", "Prefers e-mail; no calls before ten.", "Invoice with the delivery."),
}
NEEDS = {
    CHINESE: ("希望两小时内有人响应，维修当天完成。", "希望每季度做一次保养检查。"),
    "en": ("Expects an answer within two hours and a repair the same day.", "Wants a check-up every quarter."),
}
UNSUITABLE = {CHINESE: ("周一上午例会", "月底盘点", "中午12点到14点"), "en": ("Monday mornings", "End of the month")}
HOBBIES = {CHINESE: ("羽毛球", "书法", "钓鱼", "摄影"), "en": ("Sailing", "Chess", "Gardening")}
SIGNS = "ABCDEFGHJKLMNPQRTUWXY0123456789"


def account_facts(row: AccountText, *, now: datetime) -> dict[str, Any]:
    """The facts of one account, the same at every loading."""
    rng, tongue = Random(row.key), CHINESE if row.language == CHINESE else "en"
    entries = {(entry.list, entry.code): entry for entry in CodeEntry.objects.all()}
    facts: dict[str, Any] = {
        "source": entries["source", row.source],
        "status": entries["status", "active" if row.grade else "prospect"],
        "type": entries["type", {"A": "key", "B": "key"}.get(row.grade, "ordinary" if row.grade else "potential")],
        "party": entries["party", "agent" if row.source == "partner" else "customer"],
        "preferences": rng.choice(WISHES[tongue]),
        "next_contact_at": now + timedelta(days=rng.randrange(-3, 40), hours=rng.randrange(6)),
        "distance_km": Decimal(rng.randrange(8, 900)) / 10,
        "bonus_points": rng.randrange(0, 5000, 10),
    }
    if row.kind == "company":
        return facts | _business(rng, row.name, tongue, entries)
    return facts | {"nature": entries["nature", "individual"]}


def contact_facts(person: ContactText, language: str) -> dict[str, Any]:
    """What is known about a person beside the name."""
    rng, tongue = Random(person.key), CHINESE if language == CHINESE else "en"
    return {"hobbies": rng.choice(HOBBIES[tongue]) if person.primary else ""}


def _business(rng: Random, name: str, tongue: str, entries: dict[tuple[str, str], CodeEntry]) -> dict[str, Any]:
    facts = {
        "industry": entries["industry", _industry(name)],
        "nature": entries["nature", rng.choice(("private", "state", "foreign", "joint"))],
        "relationship": entries["relationship", rng.choice(("reactive", "accountable", "proactive"))],
        "credit_class": entries["credit_class", rng.choice(("aaa", "aa", "a", "b"))],
        "business_category": entries["business_category", rng.choice(("factory", "wholesale", "services"))],
        "legal_representative": rng.choice(PEOPLE[tongue]),
        "bank": rng.choice(BANKS[tongue]),
        "bank_account": str(rng.randrange(10**15, 10**16)),
        "unsuitable_times": rng.choice(UNSUITABLE[tongue]),
        "needs": rng.choice(NEEDS[tongue]),
    }
    return facts | ({"credit_code": _credit_code(rng)} if tongue == CHINESE else {})


def _industry(name: str) -> str:
    return next((code for code, words in INDUSTRIES if any(word in name for word in words.split())), "other")


def _credit_code(rng: Random) -> str:
    """A well-formed code of nobody: the authority's district does not exist."""
    stem = "91999999" + "".join(rng.choice(SIGNS) for _place in range(9))
    return stem + last_sign(stem)
