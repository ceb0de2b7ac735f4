"""The intention grades with which a new desk begins, the most serious first."""

from typing import Any

# code, name, Chinese name, hours until the first contact, days until the next one
GRADES = (
    ("hot", "H: decides this week", "H级：一周内决定", 2, 2),
    ("a", "A: decides this month", "A级：一个月内决定", 4, 4),
    ("b", "B: decides within three months", "B级：三个月内决定", 24, 7),
    ("c", "C: looks around", "C级：随便看看", 48, 30),
)


def install_grades(grade_model: Any) -> None:
    """Create the shipped grades that are missing. Takes historical models too."""
    for place, (code, name, name_zh, hours, days) in enumerate(GRADES):
        rules = {"first_within_hours": hours, "again_within_days": days}
        names = {"name": name, "name_zh": name_zh, "position": place}
        grade_model.objects.get_or_create(code=code, defaults=names | rules)
