"""What a new desk begins with: kinds of tickets, statuses, one published policy, lists of tickets, sleeping rules."""

from datetime import UTC, datetime
from typing import Any

# code, name, Chinese name, offered to customers
TYPES = (
    ("consultation", "Question", "咨询", True),
    ("request", "Request", "服务请求", True),
    ("repair", "Repair", "报修", True),
    ("complaint", "Complaint", "投诉", True),
    ("suggestion", "Suggestion", "建议", True),
)

# code, category, name, Chinese name, wording for customers in both languages
STATUSES = (
    ("new", "new", "New", "新建", "With us", "我们在处理"),
    ("open", "open", "In progress", "处理中", "With us", "我们在处理"),
    ("waiting", "waiting_customer", "Waiting for customer", "等待客户", "Your turn", "等您回复"),
    ("on_hold", "on_hold", "On hold", "挂起", "With us", "我们在处理"),
    ("solved", "solved", "Solved", "已解决", "Please check", "请您确认"),
    ("closed", "closed", "Closed", "已关闭", "Done", "已完成"),
    ("void", "void", "Void", "作废", "Done", "已完成"),
)

# code, name, Chinese name, icon, conditions, order, and columns where they are not the usual ones
_ACTIVE = ["active", "yes", None]
_MY_QUEUES = ["queue", "is", ["me"]]
_USUAL = ("ticket", "customer", "status", "priority", "owner", "clock", "last_event")
VIEWS = (
    (
        "mine",
        "My tickets",
        "我的工单",
        "icon:user-check",
        [["assignee", "is", ["me"]], _ACTIVE],
        "due",
        ("ticket", "customer", "status", "priority", "clock", "last_event"),
    ),
    (
        "unassigned",
        "Unassigned",
        "未分派",
        "icon:user-question",
        [["assignee", "empty", None], _MY_QUEUES, _ACTIVE],
        "due",
        _USUAL,
    ),
    ("queues", "My queues", "我的队列", "icon:stack-2", [_MY_QUEUES, _ACTIVE], "due", _USUAL),
    (
        "breaching",
        "Due soon or overdue",
        "即将或已经超时",
        "icon:clock-exclamation",
        [["sla", "is", ["soon", "breached"]], _ACTIVE],
        "due",
        _USUAL,
    ),
    ("open", "All open", "全部未结", "icon:ticket", [_ACTIVE], "due", _USUAL),
    (
        "solved",
        "Solved lately",
        "近期已解决",
        "icon:circle-check",
        [["active", "no", None], ["solved", "within", 14 * 24]],
        "solved",
        ("ticket", "customer", "status", "owner", "solved", "rating"),
    ),
)

# code, name, Chinese name, when (empty: every minute), conditions, steps; they sleep until somebody takes them into use
RULES: tuple[tuple[str, str, str, list[str], list[Any], list[Any]], ...] = (
    (
        "level-a-first",
        "Level A customers first",
        "A 级客户优先",
        ["opened"],
        [["grade", "is", ["A"]]],
        [["priority", "high"]],
    ),
    (
        "wake-up",
        "Wake up what lies still",
        "唤醒停滞的工单",
        [],
        [_ACTIVE, ["waiting_on", "is", ["us"]], ["last_event", "before", 48]],
        [["notify", "assignee"], ["notify", "leader"]],
    ),
    (
        "overdue-unowned",
        "Give out what is overdue and nobody's",
        "分派超时且无人负责的工单",
        ["overdue"],
        [["assignee", "empty", None]],
        [["assignee", "least"], ["notify", "leader"]],
    ),
)

HOUR = 3600
POLICY = ("standard", "Standard service", "标准服务")
# metric, type (empty: all), then seconds for low, normal, high and urgent
TARGETS = (
    ("first_reply", "", (8 * HOUR, 4 * HOUR, 2 * HOUR, HOUR // 2)),
    ("first_reply", "complaint", (2 * HOUR, 2 * HOUR, HOUR, HOUR // 2)),
    ("next_reply", "", (9 * HOUR, 6 * HOUR, 3 * HOUR, HOUR)),
    ("resolution", "", (90 * HOUR, 45 * HOUR, 18 * HOUR, 9 * HOUR)),
    ("resolution", "consultation", (45 * HOUR, 18 * HOUR, 9 * HOUR, 4 * HOUR)),
)
PRIORITIES = ("low", "normal", "high", "urgent")


def install_ticket_desk(models: Any) -> None:
    """Create what is missing. `models` gives the model classes by name, the real or a migration's."""
    for position, (code, name, name_zh, offered) in enumerate(TYPES):
        models.TicketType.objects.get_or_create(
            code=code,
            defaults={"name": name, "name_zh": name_zh, "position": position, "is_offered": offered},
        )
    for position, (code, category, name, name_zh, portal, portal_zh) in enumerate(STATUSES):
        models.TicketStatus.objects.get_or_create(
            code=code,
            defaults={
                "category": category,
                "name": name,
                "name_zh": name_zh,
                "portal_name": portal,
                "portal_name_zh": portal_zh,
                "position": position,
            },
        )
    if not models.SlaPolicy.objects.exists():
        _install_policy(models)


def install_views(models: Any) -> None:
    """Create the shipped views that are missing; those of the desk stay as they are."""
    for position, (code, name, name_zh, icon, conditions, sort, columns) in enumerate(VIEWS):
        models.SavedView.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "name_zh": name_zh,
                "icon": icon,
                "conditions": {"all": conditions},
                "sort": sort,
                "columns": list(columns),
                "position": position,
            },
        )


def install_rules(models: Any) -> None:
    """Create the shipped rules that are missing, all of them asleep."""
    for position, (code, name, name_zh, on, conditions, steps) in enumerate(RULES):
        models.Rule.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "name_zh": name_zh,
                "on": on,
                "conditions": {"all": conditions},
                "steps": steps,
                "position": position,
                "is_active": False,
            },
        )


def _install_policy(models: Any) -> None:
    code, name, name_zh = POLICY
    version = models.SlaPolicyVersion.objects.create(
        policy=models.SlaPolicy.objects.create(code=code, name=name, name_zh=name_zh),
        number=1,
        calendar=models.Calendar.objects.order_by("pk").first(),
        pauses=["waiting_customer"],
        published_at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    types = {"": None} | {kind.code: kind for kind in models.TicketType.objects.all()}
    models.SlaTarget.objects.bulk_create(
        models.SlaTarget(version=version, metric=metric, type=types[kind], priority=priority, seconds=seconds)
        for metric, kind, row in TARGETS
        for priority, seconds in zip(PRIORITIES, row, strict=True)
    )
