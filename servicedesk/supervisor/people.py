"""Agents on the board: what each is doing, and who needs the supervisor."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.models import AgentPresence, AwayReason, Queue, User
from crmcore.models.presence import Chosen, SystemState
from crmcore.queries.presence import no_reason, reasons_by_code
from telephony.models import Call
from telephony.providers.registry import provider_of
from telephony.queries.board import agent_states, calls_in_progress
from telephony.states import IN_CONVERSATION

LONG_CALL = timedelta(minutes=15)
LONG_WRAP_UP = timedelta(minutes=2)
LONG_BREAK = timedelta(minutes=20)
TALKING = frozenset({SystemState.RESERVED, SystemState.CONNECTING, SystemState.ON_CONTACT})


@dataclass(frozen=True)
class AgentRow:
    """One agent: `state` is ready, talking, wrap or away; `trouble` says why the supervisor should look."""

    user: User
    state: str
    label: Promise | str
    icon: str
    since: datetime
    trouble: Promise | str
    over: timedelta
    call: Call | None
    can_finish: bool
    can_ready: bool

    @property
    def is_busy(self) -> bool:
        """Whether a change waits until the present work is over."""
        return self.state in {"talking", "wrap"}

    @property
    def can_listen(self) -> bool:
        """Whether the agent is in a conversation that a supervisor can enter."""
        call = self.call
        return (
            call is not None
            and call.state in IN_CONVERSATION
            and provider_of(call.provider).capabilities.can_conference
        )


@dataclass(frozen=True)
class People:
    """Everybody on duty: those who need the supervisor, worst first, and those who do not."""

    needy: list[AgentRow]
    calm: list[AgentRow]


@dataclass(frozen=True)
class Mix:
    """How many agents of a queue are ready, talking, in wrap-up, away."""

    ready: int = 0
    talking: int = 0
    wrap: int = 0
    away: int = 0

    @property
    def total(self) -> int:
        return self.ready + self.talking + self.wrap + self.away

    @property
    def bars(self) -> list[tuple[str, int, int]]:
        """Class, start and length of each part, in people."""
        parts, start = [], 0
        for name, number in (("r", self.ready), ("t", self.talking), ("w", self.wrap), ("a", self.away)):
            if number:
                parts.append((name, start, number))
            start += number
        return parts


def people_of(queues: Iterable[Queue], now: datetime) -> People:
    """Agents on duty in these queues."""
    listed = list(queues)
    calls = {call.agent_id: call for call in calls_in_progress(listed)}
    reasons, none = reasons_by_code(), no_reason()
    rows = [
        _row(presence, reasons.get(presence.aux_code, none), calls.get(presence.user_id), now)
        for presence in agent_states(listed)
    ]
    needy = sorted((row for row in rows if row.trouble), key=lambda row: row.over, reverse=True)
    return People(needy, [row for row in rows if not row.trouble])


def mixes_of(queues: Iterable[Queue]) -> dict[int, Mix]:
    """By queue: its people on duty by what they do, in one statement."""
    listed = list(queues)
    presences = AgentPresence.objects.exclude(chosen=Chosen.OFFLINE).filter(user__queues__in=listed)
    counts: dict[int, Counter[str]] = {queue.pk: Counter() for queue in listed}
    rows = presences.order_by().values_list("user__queues", "chosen", "system", "phone_fault").annotate(Count("pk"))
    for queue_id, chosen, system, fault, number in rows:
        counts[queue_id][state_of(chosen, system, fault)] += number
    return {queue_id: Mix(**counter) for queue_id, counter in counts.items()}


def state_of(chosen: str, system: str, fault: str = "") -> str:
    """What the axes mean for somebody who looks: ready, talking, wrap or away."""
    if system in TALKING:
        return "talking"
    if system == SystemState.WRAPUP:
        return "wrap"
    if chosen == Chosen.AVAILABLE and system == SystemState.IDLE and not fault:
        return "ready"
    return "away"


def _row(presence: AgentPresence, reason: AwayReason, call: Call | None, now: datetime) -> AgentRow:
    state = state_of(presence.chosen, presence.system, presence.phone_fault)
    trouble, over = _trouble(presence, state, reason, now)
    missed = presence.system == SystemState.NOT_RESPONDING
    label, icon = {
        "ready": (_("Ready"), "icon:circle-check"),
        "talking": (_("Talking"), "icon:phone-call"),
        "wrap": (_("Wrap-up"), "icon:pencil"),
        "away": (_("Missed"), "icon:phone-x") if missed else (reason.label, reason.icon),
    }[state]
    return AgentRow(
        user=presence.user,
        state=state,
        label=_("Ringing") if presence.system == SystemState.RESERVED else label,
        icon=icon,
        since=presence.state_since,
        trouble=trouble,
        over=over,
        call=call,
        can_finish=state == "wrap",
        can_ready=state == "away",
    )


def _trouble(presence: AgentPresence, state: str, reason: AwayReason, now: datetime) -> tuple[Promise | str, timedelta]:
    lasted = now - presence.state_since
    if presence.system == SystemState.NOT_RESPONDING:
        return _("A call rang unanswered, so no more are sent"), lasted
    if presence.phone_fault:
        return presence.get_phone_fault_display(), lasted
    if not presence.device_ok and state == "talking":
        return _("The connection to the console is lost"), lasted
    if state == "away" and reason.is_productive:
        return "", timedelta()
    limits = {
        "talking": (LONG_CALL, _("Longer than 15 minutes")),
        "wrap": (LONG_WRAP_UP, _("Longer than 2 minutes")),
        "away": (LONG_BREAK, _("Away for longer than 20 minutes")),
    }
    limit, words = limits.get(state, (timedelta.max, ""))
    return (words, lasted - limit) if lasted > limit else ("", timedelta())
