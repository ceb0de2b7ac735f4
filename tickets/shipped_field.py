"""What field work begins with: why visits fail, and what is ticked on site. All of it can be changed."""

from typing import Any

FAILURES = (
    ("nobody_home", "Nobody was there", "无人在家"),
    ("part_missing", "A part is missing", "缺少配件"),
    ("wrong_address", "Address not found", "地址有误"),
    ("refused", "The customer refused", "客户拒绝"),
    ("other_trade", "Another trade is needed", "需其他工种处理"),
)
# code, name, Chinese name, kind of visit or empty for all
CHECKS = (
    ("safe", "The place is safe to work in", "现场可安全作业", ""),
    ("tested", "Tested together with the customer", "已与客户共同试运行", "repair"),
    ("tidy", "Left the place tidy", "已清理现场", ""),
)


def install_field_lists(models: Any) -> None:
    """Create the lists where they are missing; what somebody changed stays."""
    for place, (code, name, name_zh) in enumerate(FAILURES):
        facts = {"name": name, "name_zh": name_zh, "position": place}
        models.FailureReason.objects.get_or_create(code=code, defaults=facts)
    for place, (code, name, name_zh, kind) in enumerate(CHECKS):
        facts = {"name": name, "name_zh": name_zh, "visit_kind": kind, "position": place}
        models.VisitCheck.objects.get_or_create(code=code, defaults=facts)
