"""Planning the visits that recur: each plan is looked through once a day, each occasion becomes one visit."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import islice

import structlog
from django.db import transaction
from django.db.models import Count, Q

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.catalogue import save_entry
from crmcore.models import CalendarVersion, Team, User
from crmcore.permissions import require
from crmcore.working_time import CalendarError, WorkingCalendar, working_calendar
from tickets.actions.visits import tell_visit
from tickets.models import RecurringVisits, Visit
from tickets.queries.visit_occasions import Occasion, occasions_of
from tickets.visit_rhythm import due_within

log = structlog.get_logger(__name__)

AT_ONCE = 200
# What a desk that stood still did not plan is made good for so long.
CATCH_UP = timedelta(days=7)


def save_plan(plan: RecurringVisits, *, by: User) -> None:
    """Store a plan and have it looked through at once; a new one begins today. Raises PermissionDenied."""
    if plan.pk is None:
        plan.since = clock.now().date()
    plan.planned_on = None
    save_entry(plan, by=by)


@transaction.atomic
def pause(plan: RecurringVisits, paused: bool, *, by: User) -> None:
    """Plan no more visits, or go on from today: what fell into the pause is not made good."""
    require(by, "settings", "edit")
    now = clock.now()
    rows = RecurringVisits.objects.filter(pk=plan.pk, paused_at__isnull=paused)
    changes = {"paused_at": now} if paused else {"paused_at": None, "since": now.date(), "planned_on": None}
    if rows.update(**changes):
        audit.record("recurringvisits.paused" if paused else "recurringvisits.resumed", plan, by=by)


def plan_recurring() -> int:
    """Look through the plans that were not today; how many visits were planned."""
    at, made = clock.now(), 0
    for plan in RecurringVisits.objects.filter(is_active=True, paused_at=None).select_related("calendar"):
        try:
            made += _look_through(plan, at)
        except CalendarError as error:
            log.warning("tickets.recurring_visits_without_hours", plan=plan.pk, problem=str(error))
    return made


def _look_through(plan: RecurringVisits, at: datetime) -> int:
    """Once a day for each plan, by whoever claims it; days are those of its calendar."""
    version = CalendarVersion.objects.filter(calendar=plan.calendar_id, effective_from__lte=at).latest("number")
    hours = working_calendar(version.time_zone, version.weekly, version.overrides)
    today = at.astimezone(hours.zone).date()
    claimed = RecurringVisits.objects.filter(~Q(planned_on=today), pk=plan.pk).update(planned_on=today)
    if not claimed:
        return 0
    first, last = max(plan.since, today - CATCH_UP), today + timedelta(days=plan.lead_days)
    found = occasions_of(plan, first, last, hours.zone)
    batches = iter(lambda: list(islice(found, AT_ONCE)), [])
    return sum(_plan_batch(plan.pk, rows, hours, today) for rows in batches)


@transaction.atomic
def _plan_batch(plan_id: int, found: Sequence[Occasion], hours: WorkingCalendar, today: date) -> int:
    """One visit for each occasion that has none yet, unless the plan was paused or retired meanwhile."""
    held = RecurringVisits.objects.select_for_update(of=("self",)).filter(pk=plan_id, is_active=True, paused_at=None)
    plan = held.first()
    if plan is None:
        return 0
    known = set(plan.visits.filter(occasion__in=[one.key for one in found]).values_list("occasion", flat=True))
    crew = _Crew(plan)
    new = [
        _visit(plan, one, crew, due_within(hours, max(one.day, today), plan.window_days))
        for one in found
        if one.key not in known
    ]
    for visit in Visit.objects.bulk_create(new):
        tell_visit(visit)
    return len(new)


def _visit(plan: RecurringVisits, one: Occasion, crew: "_Crew", due: tuple[datetime, datetime]) -> Visit:
    return Visit(
        recurring=plan,
        occasion=one.key,
        ticket=one.ticket,
        account=one.account,
        contact=one.contact,
        method_id=plan.method_id,
        theme_id=plan.theme_id,
        script=plan.script,
        script_zh=plan.script_zh,
        questionnaire=crew.questionnaire,
        team_id=plan.team_id,
        assignee=crew.person_for(one),
        due_from=due[0],
        due_by=due[1],
        created_at=clock.now(),
    )


class _Crew:
    """Who visits by one plan; whoever is given a visit here is given the next one later."""

    def __init__(self, plan: RecurringVisits) -> None:
        self.who = RecurringVisits.Who(plan.who)
        self.questionnaire = plan.questionnaire.in_use if plan.questionnaire else None
        team = Team.objects.select_related("leader").get(pk=plan.team_id)
        self.leader = team.leader if team.leader and team.leader.is_active else None
        members = User.objects.filter(teams=team, kind=User.Kind.STAFF, is_active=True)
        rows = members.annotate(load=Count("visits", filter=Q(visits__ended_at=None), distinct=True)).order_by("pk")
        self.members = list(rows)
        self.load = Counter({person.pk: person.load for person in self.members})

    def person_for(self, one: Occasion) -> User | None:
        if self.who == RecurringVisits.Who.FEWEST and self.members:
            person = min(self.members, key=lambda row: (self.load[row.pk], row.pk))
            self.load[person.pk] += 1
            return person
        owner = one.account.owner if self.who == RecurringVisits.Who.OWNER and one.account else None
        return owner if owner and owner.is_active else self.leader
