"""To whom a call can be passed on: colleagues with what they are doing, queues, and numbers outside of the desk."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore import phone_numbers
from crmcore.models import AgentPresence, Queue, User
from crmcore.models.presence import Chosen, SystemState
from crmcore.permissions import may, within
from telephony.models import Call, DirectoryEntry
from telephony.providers.registry import provider_of

PEOPLE, QUEUES, NUMBERS = 8, 6, 6


@dataclass(frozen=True)
class Colleague:
    """A person on duty; only who is free can be reached."""

    user: User
    look: str
    label: Promise | str
    is_free: bool


@dataclass(frozen=True)
class Outside:
    """A number outside of the desk, in E.164."""

    number: str
    name: str = ""
    note: str = ""

    @property
    def written(self) -> str:
        return phone_numbers.pretty(self.number)


@dataclass(frozen=True)
class Directory:
    """What the words found."""

    people: list[Colleague]
    queues: list[Queue]
    numbers: list[Outside]
    why_no_numbers: Promise | str = ""


def directory(words: str, user: User, call: Call | None = None) -> Directory:
    """Colleagues on duty and queues whose names hold these words, the free and the short first; outside numbers."""
    why = _why_no_numbers(call, user)
    return Directory(_people(words, user), _queues(words, user), [] if why else _numbers(words), why)


def _why_no_numbers(call: Call | None, user: User) -> Promise | str:
    """Why this call is not connected with outside numbers, empty when it can be."""
    if not may(user, "call", "assign"):
        return _("Your role does not pass calls on to outside numbers.")
    if call is not None and not provider_of(call.provider).capabilities.can_reach_outside:
        return _("This caller speaks through a browser and cannot be connected with telephone numbers.")
    return ""


def _numbers(words: str) -> list[Outside]:
    """Numbers of the desk's directory, and the one that was typed."""
    digits = re.sub(r"\D", "", words)
    named = Q(name__icontains=words) | Q(name_zh__icontains=words)
    entries = DirectoryEntry.objects.filter(named | Q(number__contains=digits) if digits else named, is_active=True)
    found = [Outside(entry.number, entry.label, entry.remark) for entry in entries[:NUMBERS]]
    typed = phone_numbers.normalise(words, settings.DEFAULT_PHONE_REGION)
    is_new = typed.is_valid and typed.value not in {row.number for row in found}
    return [*found, Outside(typed.value)] if is_new else found


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
