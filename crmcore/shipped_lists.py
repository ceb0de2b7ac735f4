"""The entries with which the lists of a new desk begin."""

from typing import Any

from django.db.models import Q

# list: code, name, Chinese name
LISTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "source": (
        ("website", "Website", "官网"),
        ("call", "Call", "来电"),
        ("walk-in", "Walk-in", "来店"),
        ("referral", "Referral", "老客户介绍"),
        ("event", "Event", "展会"),
        ("campaign", "Campaign", "市场活动"),
        ("partner", "Partner", "渠道伙伴"),
        ("tender", "Tender", "工程招标"),
        ("import", "Imported", "导入"),
    ),
    "type": (
        ("key", "Key customer", "重要客户"),
        ("potential", "Potential customer", "潜在客户"),
        ("ordinary", "Ordinary customer", "普通客户"),
    ),
    "industry": (
        ("manufacturing", "Manufacturing", "制造业"),
        ("construction", "Construction", "建筑业"),
        ("trade", "Wholesale and retail", "批发和零售业"),
        ("transport", "Transport and logistics", "交通运输、仓储业"),
        ("hospitality", "Hotels and restaurants", "住宿和餐饮业"),
        ("software", "Software and telecommunication", "信息传输、软件业"),
        ("finance", "Finance", "金融业"),
        ("property", "Property", "房地产业"),
        ("education", "Education", "教育"),
        ("health", "Health and social work", "卫生和社会工作"),
        ("public", "Public administration", "公共管理"),
        ("other", "Other", "其他"),
    ),
    "status": (
        ("prospect", "Prospect", "潜在"),
        ("active", "Doing business", "已成交"),
        ("paused", "Paused", "暂停合作"),
        ("lost", "Lost", "已流失"),
    ),
    "nature": (
        ("private", "Private company", "民营企业"),
        ("state", "State-owned company", "国有企业"),
        ("foreign", "Foreign-funded company", "外资企业"),
        ("joint", "Joint venture", "合资企业"),
        ("institution", "Public institution", "事业单位"),
        ("government", "Government", "政府机关"),
        ("sole", "Sole trader", "个体工商户"),
        ("individual", "Individual", "个人"),
    ),
    "party": (
        ("customer", "Customer", "客户"),
        ("supplier", "Supplier", "供应商"),
        ("agent", "Agent", "代理商"),
        ("distributor", "Distributor", "分销商"),
        ("retailer", "Retailer", "零售商"),
        ("partner", "Partner", "合作伙伴"),
    ),
    "relationship": (
        ("basic", "Basic", "基本型"),
        ("reactive", "Reactive", "被动型"),
        ("accountable", "Accountable", "负责型"),
        ("proactive", "Proactive", "能动型"),
        ("partnership", "Partnership", "伙伴型"),
    ),
    "business_category": (
        ("factory", "Factory", "生产厂家"),
        ("wholesale", "Wholesale", "批发"),
        ("shop", "Shop", "门店零售"),
        ("online", "Online shop", "网店"),
        ("services", "Services", "服务"),
    ),
    "credit_class": (
        ("aaa", "AAA", "AAA"),
        ("aa", "AA", "AA"),
        ("a", "A", "A"),
        ("b", "B", "B"),
        ("c", "C: payment in advance", "C：先款后货"),
    ),
    "salutation": (
        ("mr", "Mr", "先生"),
        ("ms", "Ms", "女士"),
        ("dr", "Dr", "博士"),
        ("prof", "Prof", "教授"),
        ("manager", "Manager", "经理"),
        ("director", "Director", "总监"),
        ("teacher", "Teacher", "老师"),
    ),
}


def install_lists(entries: Any) -> None:
    """Create the shipped entries of lists that are empty. Takes the historical model too."""
    for which, rows in LISTS.items():
        if entries.objects.filter(list=which).exists():
            continue
        entries.objects.bulk_create(
            entries(list=which, code=code, name=name, name_zh=name_zh, position=position)
            for position, (code, name, name_zh) in enumerate(rows)
        )


def typed_entry(entries: Any, which: str, text: str) -> Any:
    """The entry of a list that reads like this in either language; a new one at its end where there is none."""
    rows = entries.objects.filter(list=which)
    found = rows.filter(Q(name__iexact=text) | Q(name_zh__iexact=text)).first()
    if found is None:
        place = rows.count()
        found = entries.objects.create(list=which, code=f"typed-{place + 1}", name=text, position=place)
    return found
