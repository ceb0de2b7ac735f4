"""The methods, themes and plans of return visits that a new desk begins with, and rules that plan by them, asleep."""

from typing import Any

METHODS = (
    ("phone", "phone", "Phone", "电话"),
    ("sms", "sms", "Text message", "短信"),
    ("email", "email", "E-mail", "邮件"),
    ("home", "visit", "Home visit", "上门"),
)
THEMES = (
    ("after-closing", "After closing", "结案回访"),
    ("service-quality", "Service quality", "服务质量回访"),
    ("birthday", "Birthday wish", "生日祝福"),
    ("care", "Care reminder", "关怀提醒"),
)
SCRIPT = (
    "Good day, this is the service desk. You had a complaint with us, and we say that it is settled.\n\n"
    "1. Has everything been done that we promised?\n2. Were we quick enough?\n3. Is anything left over?"
)
SCRIPT_ZH = (
    "您好，这里是客户服务中心。您反映的问题我们已经处理完毕，想占用您一分钟做个回访。\n\n"
    "1. 我们答应的事情都做到了吗？\n2. 处理速度您满意吗？\n3. 还有没有遗留的问题？"
)
# code, name, Chinese name, method, theme, words, hours until due, hours of the window, conditions
PLANS: tuple[tuple[str, str, str, str, str, str, str, int, int, Any], ...] = (
    (
        "complaint",
        "Return visit of the complaint loop",
        "投诉闭环回访",
        "phone",
        "after-closing",
        SCRIPT,
        SCRIPT_ZH,
        0,
        16,
        [["stage", "is", ["return_visit"]]],
    ),
    (
        "level-a",
        "Care call for level A",
        "A 级客户关怀回访",
        "phone",
        "service-quality",
        "",
        "",
        48,
        72,
        [["grade", "is", ["A"]], ["category", "is", ["solved"]]],
    ),
)


def install_visits(models: Any) -> None:
    """Create what is missing. `models` gives the model classes by name, the real or a migration's."""
    for position, (code, kind, name, name_zh) in enumerate(METHODS):
        facts = {"kind": kind, "name": name, "name_zh": name_zh, "position": position}
        models.VisitMethod.objects.get_or_create(code=code, defaults=facts)
    for position, (code, name, name_zh) in enumerate(THEMES):
        facts = {"name": name, "name_zh": name_zh, "position": position}
        models.VisitTheme.objects.get_or_create(code=code, defaults=facts)
    for position, row in enumerate(PLANS):
        _install_plan(models, position, *row)


def _install_plan(
    models: Any,
    position: int,
    code: str,
    name: str,
    name_zh: str,
    method: str,
    theme: str,
    script: str,
    script_zh: str,
    after: int,
    window: int,
    conditions: Any,
) -> None:
    words = {"name": name, "name_zh": name_zh}
    plan, _created = models.VisitPlan.objects.get_or_create(
        code=code,
        defaults=words
        | {
            "method": models.VisitMethod.objects.get(code=method),
            "theme": models.VisitTheme.objects.get(code=theme),
            "script": script,
            "script_zh": script_zh,
            "after_hours": after,
            "window_hours": window,
            "position": position,
        },
    )
    planning = words | {
        "on": ["status"],
        "conditions": {"all": conditions},
        "steps": [["visit", str(plan.pk)]],
        "position": 110 + position,
        "is_active": False,
    }
    models.Rule.objects.get_or_create(code=f"visit-{code}", defaults=planning)
