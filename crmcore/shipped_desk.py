"""What a new desk begins with: team, calendar, queue, stages, outcomes, away reasons."""

from datetime import UTC, datetime
from typing import Any

CALENDAR = ("office-hours", "Office hours", "工作时间")
WORKING_WEEK = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
TEAM = ("service-desk", "Service desk", "服务台")
QUEUE = ("service", "Service", "客户服务")

# code, name, Chinese name, probability in percent, kind
STAGES = (
    ("lead", "Lead", "线索", 10, "open"),
    ("qualified", "Qualified", "已确认需求", 25, "open"),
    ("quoted", "Quoted", "已报价", 50, "open"),
    ("negotiating", "Negotiating", "谈判中", 75, "open"),
    ("won", "Won", "赢单", 100, "won"),
    ("lost", "Lost", "输单", 0, "lost"),
)

# code, name, Chinese name, effect on the ticket, needs a follow-up
OUTCOMES = (
    ("solved", "Solved", "已解决", "solve", False),
    ("answered", "Question answered", "已答复", "solve", False),
    ("follow_up", "Needs follow-up", "需跟进", "keep", True),
    ("repair_booked", "Repair booked", "已约维修", "keep", False),
    ("complaint_filed", "Complaint filed", "已登记投诉", "keep", True),
    ("callback_promised", "Call-back promised", "已约回电", "keep", True),
    ("transferred", "Passed on", "已转派", "keep", False),
    ("wrong_number", "Wrong number", "打错", "none", False),
    ("no_answer_needed", "No action needed", "无需处理", "none", False),
)

# What stands when the wrap-up ran out of time: code, name, Chinese name
TIMEOUT = ("timeout", "Time ran out", "超时未选")

# code, name, Chinese name, icon, paid, productive
AWAY_REASONS = (
    ("break", "Break", "休息", "icon:coffee", True, False),
    ("meal", "Meal", "用餐", "icon:tools-kitchen-2", False, False),
    ("training", "Training", "培训", "icon:school", True, True),
    ("meeting", "Meeting", "会议", "icon:users", True, True),
    ("office", "Paperwork", "处理文书", "icon:file-pencil", True, True),
    ("after_call", "After-call work", "话后处理", "icon:pencil", True, True),
)


def install_desk(models: Any) -> None:
    """Create what is missing. `models` gives the model classes by name, real ones or a migration's historical ones."""
    _install_stages(models.Stage)
    _install_outcomes(models.Outcome)
    calendar = _install_calendar(models.Calendar, models.CalendarVersion)
    _install_queue(models.Team, models.Queue, calendar)
    # The first migrations know neither the table nor the field yet.
    if hasattr(models, "AwayReason"):
        install_away_reasons(models.AwayReason)
        install_timeout(models.Outcome)


def install_away_reasons(reasons: Any) -> None:
    """Create the shipped reasons that are missing."""
    for position, (code, name, name_zh, icon, is_paid, is_productive) in enumerate(AWAY_REASONS):
        facts = {"name": name, "name_zh": name_zh, "icon": icon, "position": position}
        reasons.objects.get_or_create(code=code, defaults=facts | {"is_paid": is_paid, "is_productive": is_productive})


def _install_stages(stages: Any) -> None:
    for position, (code, name, name_zh, probability, kind) in enumerate(STAGES):
        facts = {"name": name, "name_zh": name_zh, "probability": probability, "kind": kind, "position": position}
        stages.objects.get_or_create(code=code, defaults=facts)


def _install_outcomes(outcomes: Any) -> None:
    for position, (code, name, name_zh, effect, follow_up) in enumerate(OUTCOMES):
        facts = {"name": name, "name_zh": name_zh, "position": position, "ticket_effect": effect}
        if hasattr(outcomes, "digit"):
            facts["digit"] = position + 1
        outcomes.objects.get_or_create(code=code, queue=None, defaults=facts | {"needs_follow_up": follow_up})


def install_timeout(outcomes: Any) -> None:
    """Create the automatic outcome if it is missing."""
    code, name, name_zh = TIMEOUT
    facts = {"code": code, "name": name, "name_zh": name_zh, "position": 999, "ticket_effect": "none"}
    outcomes.objects.get_or_create(is_automatic=True, defaults=facts)


def _install_calendar(calendars: Any, versions: Any) -> Any:
    code, name, name_zh = CALENDAR
    calendar, created = calendars.objects.get_or_create(code=code, defaults={"name": name, "name_zh": name_zh})
    if created:
        beginning = datetime(2020, 1, 1, tzinfo=UTC)
        versions.objects.create(
            calendar=calendar,
            number=1,
            time_zone="Asia/Shanghai",
            weekly=WORKING_WEEK,
            overrides=[],
            effective_from=beginning,
            published_at=beginning,
        )
    return calendar


def _install_queue(teams: Any, queues: Any, calendar: Any) -> None:
    code, name, name_zh = TEAM
    team, created = teams.objects.get_or_create(code=code, defaults={"name": name, "name_zh": name_zh})
    if created:
        teams.objects.filter(pk=team.pk).update(path=f"/{team.pk}/")
    if not queues.objects.filter(is_default=True).exists():
        code, name, name_zh = QUEUE
        queues.objects.create(code=code, name=name, name_zh=name_zh, team=team, calendar=calendar, is_default=True)
