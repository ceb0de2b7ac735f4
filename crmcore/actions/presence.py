"""An agent's presence: the only writer of its three axes and of the time slices.

Chosen is what the agent wants, system what the work demands, device whether a living screen is there. Each moves on its
own; the slices of `AgentSegment` follow without gap or overlap while the agent is not offline.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction

from crmcore import clock, live
from crmcore.actions import audit
from crmcore.events import BoardChanged, PresenceChanged
from crmcore.models import AgentPresence, AgentSegment, AnsweringPolicy, User
from crmcore.models.presence import Chosen, SystemState

AT_WORK = frozenset({SystemState.RESERVED, SystemState.CONNECTING, SystemState.ON_CONTACT, SystemState.WRAPUP})
# These outlive a silent screen: the call has its own grace time, the wrap-up its own deadline.
OUTLIVES_DEVICE = frozenset({SystemState.ON_CONTACT, SystemState.WRAPUP})
DEVICE_LOST = "device_lost"
# A wrap-up that ran out twice in a row is the agent's own to end.
RETURNS_FROM = frozenset({"missed", "media"})
# Who comes back later begins a new shift.
BACK_WITHIN = timedelta(minutes=2)

# Inside a caller's transaction these need no savepoint of their own: what fails here fails the caller.
in_transaction = transaction.atomic(savepoint=False)


@in_transaction
def start_shift(user: User) -> AgentPresence:
    """Open the agent's day: a presence exists, the device is here, the choice is available."""
    _locked(user.pk)
    device_seen([user.pk])
    return choose(user, Chosen.AVAILABLE, by=user)


@in_transaction
def choose(user: User, chosen: str, *, aux_code: str = "", by: User) -> AgentPresence:
    """Set what the agent wants to be. During work it is kept for afterwards; the last wish wins."""
    presence = _locked(user.pk)
    if by != user:
        audit.record("presence.forced", presence, by=by, detail={"chosen": chosen, "aux_code": aux_code})
    changed_by = by if by != user else None
    if presence.system in AT_WORK:
        presence.next_chosen, presence.next_aux_code, presence.changed_by = chosen, aux_code, changed_by
        presence.save(update_fields=["next_chosen", "next_aux_code", "changed_by"])
        _tell(presence)
        return presence
    settled = presence.system == SystemState.IDLE and presence.system_reason != DEVICE_LOST
    if settled and (presence.chosen, presence.aux_code) == (chosen, aux_code):
        return presence
    presence.chosen, presence.aux_code = chosen, aux_code
    presence.next_chosen = presence.next_aux_code = ""
    presence.changed_by = changed_by
    presence.missed_in_row = 0
    presence.ready_at = None
    _enter(presence, SystemState.IDLE)
    return presence


@in_transaction
def note_change(user_id: int, *, by: User) -> None:
    """Let the agent know who moved him on."""
    presence = _locked(user_id)
    presence.changed_by = by
    presence.save(update_fields=["changed_by"])
    _tell(presence)


@in_transaction
def report_phone(user_id: int, fault: str) -> bool:
    """Note what keeps the agent's computer from taking calls, empty when nothing does; whether that is news."""
    presence = _locked(user_id)
    if presence.phone_fault == fault:
        return False
    presence.phone_fault = fault
    presence.save(update_fields=["phone_fault"])
    _tell(presence)
    return True


def device_seen(user_ids: Iterable[int]) -> None:
    """Note that the screens of these agents are alive; who was taken offline for a short silence is back."""
    ids, now = set(user_ids), clock.now()
    free = _mark_seen(ids, now)
    # Who is being moved just now is waited for with no other agent in hand: a change of two agents would wait for us.
    for user_id in ids - free:
        AgentPresence.objects.filter(user_id=user_id).update(device_ok=True, last_seen_at=now)
    returned = AgentPresence.objects.filter(
        user_id__in=ids,
        chosen=Chosen.OFFLINE,
        system_reason=DEVICE_LOST,
        state_since__gte=now - BACK_WITHIN,
    ).values_list("user_id", flat=True)
    for user_id in returned:
        _come_back(user_id)


@in_transaction
def _mark_seen(user_ids: Collection[int], now: datetime) -> set[int]:
    """Note it at once for all whose rows nobody holds; their ids."""
    rows = AgentPresence.objects.filter(user_id__in=user_ids)
    free = set(rows.select_for_update(skip_locked=True).values_list("user_id", flat=True))
    rows.filter(user_id__in=free).update(device_ok=True, last_seen_at=now)
    return free


def device_lost(user_id: int) -> None:
    """The agent's last socket closed: no new calls from now on. The sweeper acts when it does not come back in time."""
    AgentPresence.objects.filter(user_id=user_id).update(device_ok=False)


@in_transaction
def take_offline(user_id: int) -> bool:
    """Nobody sits at the screen any more: offline by the system, until the device returns. Refused while at work."""
    presence = _locked(user_id)
    if presence.chosen == Chosen.OFFLINE or presence.system in AT_WORK:
        return False
    presence.next_chosen = presence.next_chosen or presence.chosen
    presence.next_aux_code = presence.next_aux_code or presence.aux_code
    presence.chosen, presence.aux_code, presence.device_ok = Chosen.OFFLINE, "", False
    _enter(presence, SystemState.IDLE, reason=DEVICE_LOST)
    return True


@in_transaction
def reserve(user_id: int, *, until: datetime) -> bool:
    """Hold a routable agent for an offer that ends at `until`; False when he is not routable (any more)."""
    presence = _locked(user_id)
    now = clock.now()
    if not (presence.chosen == Chosen.AVAILABLE and presence.system == SystemState.IDLE and presence.device_ok):
        return False
    if presence.phone_fault or (presence.ready_at and presence.ready_at > now):
        return False
    _enter(presence, SystemState.RESERVED, deadline=until)
    return True


@in_transaction
def occupy(user_id: int, *, until: datetime) -> bool:
    """Let an agent who is on shift and free, ready or away, begin work of his own; False when he is not."""
    presence = _locked(user_id)
    if presence.chosen == Chosen.OFFLINE or presence.system != SystemState.IDLE or not presence.device_ok:
        return False
    _enter(presence, SystemState.CONNECTING, deadline=until)
    return True


@in_transaction
def set_system(
    user_id: int,
    frm: Collection[str],
    to: str,
    *,
    deadline: datetime | None = None,
    reason: str = "",
    keep_place: bool = False,
    pause: timedelta = timedelta(),
) -> bool:
    """Move the system axis if it stands in one of `frm`; say whether it did.

    On the way to idle the wish expressed during work is applied. `keep_place` leaves the place in the order of the
    longest idle as it was: nobody falls behind because a caller gave up. `pause`: no call for so long.
    """
    presence = _locked(user_id)
    if presence.system not in frm:
        return False
    if to == SystemState.IDLE:
        keep_place = keep_place and not presence.next_chosen
        _apply_wish(presence)
        presence.ready_at = clock.now() + pause if pause else None
    if to == SystemState.ON_CONTACT:
        presence.missed_in_row, presence.changed_by = 0, None
    _enter(presence, to, deadline=deadline, reason=reason, keep_place=keep_place)
    return True


@in_transaction
def prolong(user_id: int, system: str, *, until: datetime) -> None:
    """Move the deadline of the state in which the agent is, if it is `system`."""
    presence = _locked(user_id)
    if presence.system == system:
        presence.deadline = until
        presence.save(update_fields=["deadline"])
        _tell(presence)


@in_transaction
def miss_offer(user_id: int) -> bool:
    """The offer rang out: not responding, or idle after a pause while misses are allowed. False if nothing rang."""
    presence = _locked(user_id)
    if presence.system != SystemState.RESERVED:
        return False
    policy = AnsweringPolicy.current()
    presence.missed_in_row += 1
    if presence.missed_in_row >= policy.misses_allowed:
        _enter(presence, SystemState.NOT_RESPONDING, reason="missed")
    else:
        presence.ready_at = clock.now() + timedelta(seconds=policy.pause_after_miss_s)
        _apply_wish(presence)
        _enter(presence, SystemState.IDLE)
    return True


def due_to_return(now: datetime) -> list[int]:
    """Ids of agents who have been not responding for as long as the desk allows."""
    due = AgentPresence.objects.filter(system=SystemState.NOT_RESPONDING, deadline__lte=now)
    return list(due.values_list("user_id", flat=True))


@in_transaction
def return_to_ready(user_id: int) -> bool:
    """The time of not responding is over: back to what the agent chose; False when that has changed meanwhile."""
    presence = _locked(user_id)
    if presence.system != SystemState.NOT_RESPONDING or presence.deadline is None or presence.deadline > clock.now():
        return False
    presence.missed_in_row = 0
    _apply_wish(presence)
    _enter(presence, SystemState.IDLE)
    return True


@in_transaction
def _come_back(user_id: int) -> None:
    presence = _locked(user_id)
    if presence.chosen == Chosen.OFFLINE and presence.system_reason == DEVICE_LOST:
        _apply_wish(presence)
        _enter(presence, SystemState.IDLE)


def _apply_wish(presence: AgentPresence) -> None:
    if presence.next_chosen:
        presence.chosen, presence.aux_code = presence.next_chosen, presence.next_aux_code
        presence.next_chosen = presence.next_aux_code = ""


def _locked(user_id: int) -> AgentPresence:
    """The presence row, created at the first need and locked until the transaction ends."""
    presence = AgentPresence.objects.select_for_update().filter(user_id=user_id).first()
    if presence is None:
        AgentPresence.objects.bulk_create(
            [AgentPresence(user_id=user_id, state_since=clock.now())], ignore_conflicts=True
        )
        presence = AgentPresence.objects.select_for_update().get(user_id=user_id)
    return presence


def _enter(
    presence: AgentPresence,
    system: str,
    *,
    deadline: datetime | None = None,
    reason: str = "",
    keep_place: bool = False,
) -> None:
    # Another transaction may have written with a later reading of the clock while this one waited for the lock.
    now = max(clock.now(), presence.state_since)
    if system == SystemState.NOT_RESPONDING and reason in RETURNS_FROM:
        allowed = AnsweringPolicy.current().ready_after_s
        deadline = now + timedelta(seconds=allowed) if allowed else None
    presence.system, presence.system_reason, presence.deadline = system, reason, deadline
    presence.state_since = now
    if system == SystemState.IDLE and not (keep_place and presence.idle_since):
        presence.idle_since = now
    presence.save()
    _turn_segment(presence, now)
    _tell(presence)


def _turn_segment(presence: AgentPresence, now: datetime) -> None:
    AgentSegment.objects.filter(user_id=presence.user_id, ended_at=None).update(ended_at=now)
    if presence.chosen == Chosen.OFFLINE and presence.system not in AT_WORK:
        return
    AgentSegment.objects.create(
        user_id=presence.user_id,
        chosen=presence.chosen,
        system=presence.system,
        aux_code=presence.aux_code,
        started_at=now,
    )


def _tell(presence: AgentPresence) -> None:
    event = PresenceChanged(user_id=presence.user_id, chosen=presence.chosen, system=presence.system)
    live.publish(f"agent:{presence.user_id}", event)
    live.publish("board", BoardChanged())
