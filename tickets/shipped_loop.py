"""The complaint loop that a desk begins with: six categories, six stages, three tiers. All of it can be changed."""

from datetime import UTC, datetime
from typing import Any

HOUR = 3600
TYPE = ("property_complaint", "Property complaint", "业主投诉")
CATEGORIES = (
    ("engineering_quality", "Engineering quality", "工程质量"),
    ("property_repair", "Property repair", "物业报修"),
    ("planning_design", "Planning and design", "规划设计"),
    ("customer_service", "Customer service", "客户服务"),
    ("sales_service", "Sales service", "销售服务"),
    ("external_environment", "External environment", "外部环境"),
)
PARTIES = (
    ("property_office", "Property office", "物业服务中心"),
    ("engineering", "Engineering department", "工程部"),
    ("design", "Design department", "设计部"),
    ("sales", "Sales department", "销售部"),
    ("contractor", "Construction contractor", "施工单位"),
    ("authority", "Public authority", "政府部门"),
)
CAUSES = (
    ("design", "Design defect", "设计缺陷"),
    ("construction", "Construction defect", "施工缺陷"),
    ("material", "Material or product", "材料产品"),
    ("service", "Service or attitude", "服务态度"),
    ("promise", "Promise not kept", "承诺未兑现"),
    ("outside", "Outside our reach", "外部原因"),
)
METHODS = (("phone", "Phone", "电话"), ("sms", "Text message", "短信"), ("visit", "Home visit", "上门"))
RESULTS = (
    ("satisfied", "Satisfied", "满意"),
    ("acceptable", "Acceptable", "基本满意"),
    ("dissatisfied", "Not satisfied", "不满意"),
    ("not_reached", "Not reached", "未联系上"),
)
# code, kind, name, Chinese name, help, Chinese help, choices, who sees it, found by search
FIELDS: tuple[tuple[str, str, str, str, str, str, Any, str, bool], ...] = (
    ("task_category", "choice", "Category", "任务类别", "", "", CATEGORIES, "read", True),
    (
        "building",
        "text",
        "Building and unit",
        "楼栋房号",
        "As in Cloud Garden 3-2-1502.",
        "例如：云栖花园3幢2单元1502。",
        (),
        "write",
        True,
    ),
    (
        "weight",
        "whole",
        "Weight",
        "投诉权重",
        "From 1, a trifle, to 10, danger to life.",
        "从1（轻微）到10（危及人身安全）。",
        (),
        "staff",
        False,
    ),
    (
        "group_action",
        "yes_no",
        "Group action",
        "群诉",
        "Several owners act together or go to the press.",
        "多名业主联合行动或诉诸媒体。",
        (),
        "staff",
        False,
    ),
    ("compensation", "yes_no", "Compensation demanded", "索赔", "", "", (), "staff", False),
    ("compensation_amount", "money", "Amount demanded", "索赔金额", "", "", (), "staff", False),
    ("finding", "long_text", "Finding on site", "现场查验结论", "", "", (), "staff", True),
    ("party", "choice", "Responsible party", "责任单位", "", "", PARTIES, "staff", True),
    ("result", "long_text", "Result", "处理结果", "The customer reads it.", "客户可见。", (), "read", True),
    ("root_cause", "choice", "Root cause", "根本原因", "", "", CAUSES, "staff", False),
    (
        "prevention",
        "long_text",
        "Prevention",
        "预防措施",
        "What keeps it from happening again.",
        "如何避免再次发生。",
        (),
        "staff",
        True,
    ),
    ("visit_method", "choice", "Return visit by", "回访方式", "", "", METHODS, "staff", False),
    ("visit_result", "choice", "Return visit", "回访结果", "", "", RESULTS, "read", False),
)


def _stage(code: str, name: str, name_zh: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": name, "name_zh": name_zh, "tier": "project", **more}


def _limits(*hours: float) -> dict[str, int]:
    """Open hours for the six categories in their order."""
    return {code: round(h * HOUR) for (code, _n, _z), h in zip(CATEGORIES, hours, strict=True)}


DOCUMENT: dict[str, Any] = {
    "category_field": "task_category",
    "alarms": ["group_action", "compensation"],
    "alarm_tier": "company",
    "end_status": "closed",
    "rights": {
        "project": ["work", "climb"],
        "company": ["work", "back", "skip", "climb", "hand_down"],
        "group": ["work", "back", "skip", "climb", "hand_down"],
    },
    "stages": [
        _stage(
            "reception",
            "Reception",
            "受理",
            portal_name="Taken up",
            portal_name_zh="已受理",
            limit_s=2 * HOUR,
            needs=["task_category", "weight"],
            done=["assigned"],
            next=["inspection"],
            is_mandatory=True,
        ),
        _stage(
            "inspection",
            "Site inspection",
            "现场查验",
            portal_name="We look at it on site",
            portal_name_zh="现场查看",
            limit_s=8 * HOUR,
            needs=["finding"],
            next=["assignment"],
            limits=_limits(8, 4, 16, 8, 8, 8),
            skips=["customer_service", "sales_service"],
        ),
        _stage(
            "assignment",
            "Assignment",
            "派单",
            limit_s=4 * HOUR,
            needs=["party"],
            next=["handling"],
            limits=_limits(4, 2, 8, 2, 4, 4),
            skips=["sales_service"],
        ),
        _stage(
            "handling",
            "Handling",
            "处理",
            portal_name="We put it right",
            portal_name_zh="处理中",
            limit_s=40 * HOUR,
            needs=["result"],
            done=["reply"],
            next=["closing"],
            limits=_limits(80, 24, 120, 16, 16, 60),
            status="open",
            takes_reopened=True,
        ),
        _stage(
            "closing",
            "Closing",
            "结单",
            limit_s=8 * HOUR,
            needs=["root_cause", "prevention"],
            next=["return_visit", "handling"],
            is_mandatory=True,
        ),
        _stage(
            "return_visit",
            "Return visit",
            "回访",
            portal_name="We ask whether you are satisfied",
            portal_name_zh="回访",
            limit_s=16 * HOUR,
            needs=["visit_method", "visit_result"],
            next=["end", "handling"],
            status="solved",
            is_mandatory=True,
        ),
    ],
}


def install_loop(models: Any) -> None:
    """Create the type, its fields and its published flow where they are missing; what somebody changed stays."""
    code, name, name_zh = TYPE
    kind, created = models.TicketType.objects.get_or_create(
        code=code, defaults={"name": name, "name_zh": name_zh, "position": 90, "is_offered": False}
    )
    if not created:
        return
    for place, row in enumerate(FIELDS):
        models.TypeField.objects.create(type=kind, field=_field(models, place, *row), position=place)
    flow = models.StageFlow.objects.create(type=kind)
    models.StageFlowVersion.objects.create(
        flow=flow, number=1, document=DOCUMENT, published_at=datetime(2020, 1, 1, tzinfo=UTC)
    )


def _field(models: Any, place: int, code: str, kind: str, *words: Any) -> Any:
    name, name_zh, about, about_zh, choices, audience, searchable = words
    facts = {
        "kind": kind,
        "name": name,
        "name_zh": name_zh,
        "help": about,
        "help_zh": about_zh,
        "choices": [[*choice, True] for choice in choices],
        "currency": "CNY" if kind == "money" else "",
        "audience": audience,
        "is_searchable": searchable,
        "position": place,
    }
    return models.TicketField.objects.get_or_create(code=code, defaults=facts)[0]
