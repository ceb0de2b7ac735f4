"""Plans of recurring visits of the demo, and the birthdays and first visits that they bring."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from crmcore.models import Calendar, Contact, Team
from tickets.actions.recurring_visits import plan_recurring
from tickets.models import RecurringVisits, Visit, VisitMethod, VisitTheme

PREFIX = "demo-"
BIRTHDAYS, DONE = 400, 6
Rhythm, Who = RecurringVisits.Rhythm, RecurringVisits.Who
# code, name, Chinese name, theme, rhythm and what belongs to it
PLANS: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("demo-birthday", "Birthday calls", "生日问候", "birthday", {"rhythm": Rhythm.BIRTHDAY, "grades": ["A", "B"]}),
    (
        "demo-after-delivery",
        "Half a year after delivery",
        "交付半年回访",
        "service-quality",
        {"rhythm": Rhythm.DELIVERY, "months": 6, "times": 4},
    ),
    (
        "demo-warranty",
        "Before the warranty ends",
        "保修到期提醒",
        "care",
        {"rhythm": Rhythm.WARRANTY, "days_before": 30, "who": Who.FEWEST},
    ),
)


def add_recurring(team: Team, *, now: datetime, rng: Random) -> None:
    """Plans that have gone on for a while: some visits are done, the next ones wait."""
    people = list(Contact.objects.filter(is_demo=True).order_by("pk")[:BIRTHDAYS])
    for person in people:
        person.born_on = date(rng.randint(1955, 2003), rng.randint(1, 12), rng.randint(1, 28))
    Contact.objects.bulk_update(people, ["born_on"])
    calendar = Calendar.objects.get(code="demo-hangzhou")
    for position, (code, name, name_zh, theme, facts) in enumerate(PLANS):
        words: dict[str, Any] = {
            "name": name,
            "name_zh": name_zh,
            "position": position,
            "since": (now - timedelta(days=7)).date(),
        }
        method, about = VisitMethod.objects.get(code="phone"), VisitTheme.objects.get(code=theme)
        RecurringVisits.objects.create(
            code=code, method=method, theme=about, team=team, calendar=calendar, **words, **facts
        )
    plan_recurring()
    for visit in Visit.objects.filter(recurring__isnull=False).order_by("due_from", "pk")[:DONE]:
        visit.progress, visit.result, visit.ended_at = Visit.Progress.COMPLETED, Visit.Result.SATISFIED, now
        visit.save()


def remove_recurring() -> None:
    """Take the plans away with their visits."""
    Visit.objects.filter(recurring__code__startswith=PREFIX).delete()
    RecurringVisits.objects.filter(code__startswith=PREFIX).delete()
