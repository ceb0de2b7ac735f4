"""To whom a call can be passed on: colleagues with what they are doing, queues with how many wait."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.models import AgentPresence, Queue, User
from crmcore.models.presence import Chosen, SystemState
from crmcore.permissions import within

PEOPLE, QUEUES = 8, 6


@dataclass(frozen=True)
class Colleague:
    """A person on duty; only who is free can be reached."""

    user: User
    look: str
    label: Promise | str
    is_free: bool


@dataclass(frozen=True)
class Directory:
    """What the words found."""

    people: list[Colleague]
    queues: list[Queue]


def directory(words: str, user: User) -> Directory:
    """Colleagues on duty and queues whose names hold these words, the free and the short first."""
    return Directory(_people(words, user), _queues(words, user))


def _people(words: str, user: User) -> list[Colleague]:
    on_duty = AgentPresence.objects.exclude(chosen=Chosen.OFFLINE).exclude(user=user).filter(user__is_active=True)
    named = on_duty.filter(Q(user__name__icontains=words) | Q(user__username__icontains=words))
    rows = [_colleague(presence) for presence in named.select_related("user").order_by("user__name", "user_id")]
    return sorted(rows, key=lambda row: not row.is_free)[:PEOPLE]


def _colleague(presence: AgentPresence) -> Colleague:
    available = presence.chosen == Chosen.AVAILABLE
    if presence.system == SystemState.IDLE and available and presence.device_ok and not presence.phone_fault:
        return Colleague(presence.user, "ready", _("Ready"), True)
    if presence.system == SystemState.WRAPUP:
        return Colleague(presence.user, "wrap", _("Wrap-up"), False)
    if presence.system in (SystemState.RESERVED, SystemState.CONNECTING, SystemState.ON_CONTACT):
        return Colleague(presence.user, "talking", _("Talking"), False)
    return Colleague(presence.user, "away", _("Away"), False)


def _queues(words: str, user: User) -> list[Queue]:
    reach = within(user, "queue", "view", owner="memberships__user", team="team")
    named = Queue.objects.filter(reach, Q(name__icontains=words) | Q(name_zh__icontains=words), is_active=True)
    waiting = Count("entries", filter=Q(entries__left_at=None), distinct=True)
    return list(named.distinct().annotate(waiting=waiting).order_by("position", "pk")[:QUEUES])
