"""Visits that are about to be missed, and those that were: their people are told, each once."""

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.actions.notices import notify_all
from crmcore.clock import now
from crmcore.models import NoticeKind, User
from tickets.actions.visits import tell_visit
from tickets.models import Visit
from tickets.models.visits import SOON

AT_ONCE = 200
OPEN_AND_NOT_MISSED = (Visit.Progress.PLANNED, Visit.Progress.FOLLOWING)


def watch_visits() -> int:
    """Mark what was missed and warn of what will be; how many visits were touched."""
    at = now()
    waiting = Visit.objects.filter(progress__in=OPEN_AND_NOT_MISSED)
    late = list(waiting.filter(due_by__lte=at).order_by("due_by").values_list("pk", flat=True)[:AT_ONCE])
    soon = waiting.filter(due_by__gt=at, due_by__lte=at + SOON, due_from__lte=at, warned_at=None)
    warned = list(soon.order_by("due_by").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_miss(pk) for pk in late) + sum(_warn(pk) for pk in warned)


@transaction.atomic
def _miss(visit_id: int) -> bool:
    at = now()
    rows = Visit.objects.filter(pk=visit_id, progress__in=OPEN_AND_NOT_MISSED, due_by__lte=at)
    if not rows.update(progress=Visit.Progress.MISSED, missed_at=at):
        return False
    visit = _whole(visit_id)
    leader = visit.team.leader if visit.team else None
    _tell(visit, {visit.assignee, leader}, NoticeKind.OVERDUE, _("Return visit missed: %(customer)s, %(theme)s"))
    return True


@transaction.atomic
def _warn(visit_id: int) -> bool:
    at = now()
    rows = Visit.objects.filter(pk=visit_id, progress__in=OPEN_AND_NOT_MISSED, due_by__gt=at, warned_at=None)
    if not rows.update(warned_at=at):
        return False
    visit = _whole(visit_id)
    _tell(visit, {visit.assignee}, NoticeKind.DUE_SOON, _("Return visit due soon: %(customer)s, %(theme)s"))
    return True


def _whole(visit_id: int) -> Visit:
    related = ("assignee", "team__leader", "contact", "account", "theme")
    return Visit.objects.select_related(*related).get(pk=visit_id)


def _tell(visit: Visit, people: set[User | None], kind: str, text: Promise) -> None:
    facts = {"customer": visit.contact or visit.account or "–", "theme": visit.theme}
    told = [person for person in people if person is not None]
    notify_all(told, kind, text, url=visit.get_absolute_url(), facts=facts)
    tell_visit(visit)
