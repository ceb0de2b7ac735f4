"""The surveys that a new desk begins with, and the rules that ask by them, all of them asleep."""

from typing import Any

OVER = {"all": [["category", "is", ["solved", "closed"]]]}
# code, name, Chinese name, measure, ways, hours until asked, days of rest, low up to, rule's name and Chinese name
SURVEYS = (
    ("csat", "Satisfaction", "满意度", "csat", ["email", "sms"], 1, 14, 2, "Ask about satisfaction", "询问满意度"),
    ("nps", "Recommendation", "推荐意愿", "nps", ["email"], 24, 90, 6, "Ask for a recommendation", "询问推荐意愿"),
    ("effort", "Ease", "轻松程度", "effort", ["email"], 1, 30, 3, "Ask how easy it was", "询问办事是否轻松"),
)


def install_surveys(templates: Any, rules: Any) -> None:
    """Create what is missing, with the model classes, the real or a migration's."""
    for position, (code, name, name_zh, measure, ways, delay, rest, low, rule, rule_zh) in enumerate(SURVEYS):
        facts = {
            "name": name,
            "name_zh": name_zh,
            "measure": measure,
            "ways": ways,
            "delay_hours": delay,
            "rest_days": rest,
            "low_at": low,
            "low_steps": [["notify", "leader"]],
            "position": position,
        }
        template, _created = templates.objects.get_or_create(code=code, defaults=facts)
        asking = {
            "name": rule,
            "name_zh": rule_zh,
            "on": ["status"],
            "conditions": OVER,
            "steps": [["survey", str(template.pk)]],
            "position": 100 + position,
            "is_active": False,
        }
        rules.objects.get_or_create(code=f"survey-{code}", defaults=asking)
