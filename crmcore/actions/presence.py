"""An agent's presence: the only writer of its three axes and of the time slices."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from crmcore import clock, live
from crmcore.actions import audit
from crmcore.events import BoardChanged, PresenceChanged
from crmcore.models import AgentPresence, AgentSegment, User
from crmcore.models.presence import Chosen, SystemState


@transaction.atomic
def start_shift(user: User) -> AgentPresence:
    """Open the agent's day: a presence exists, the device is here, the choice is available."""
    AgentPresence.objects.get_or_create(
        user=user, defaults={"state_since": clock.now()}
    )
    device_seen([user.pk])
    return choose(user, Chosen.AVAILABLE, by=user)


@transaction.atomic
def choose(user: User, chosen: str, *, aux_code: str = "", by: User) -> AgentPresence:
    """Set what the agent wants to be. During work it is kept for afterwards; the last wish wins."""
    presence = _locked(user.pk)
    if by != user:
        audit.record(
            "presence.forced",
            presence,
            by=by,
            detail={"chosen": chosen, "aux_code": aux_code},
        )
    busy = {
        SystemState.RESERVED,
        SystemState.CONNECTING,
        SystemState.ON_CONTACT,
        SystemState.WRAPUP,
    }
    if presence.system in busy:
        presence.next_chosen, presence.next_aux_code = chosen, aux_code
        presence.save(update_fields=["next_chosen", "next_aux_code"])
    else:
        presence.chosen, presence.aux_code = chosen, aux_code
        presence.missed_in_row = 0
        _enter(presence, SystemState.IDLE)
    _tell(presence)
    return presence


def device_seen(user_ids: Iterable[int]) -> None:
    """Note in one statement that the screens of these agents are alive."""
    AgentPresence.objects.filter(user_id__in=list(user_ids)).update(
        device_ok=True, last_seen_at=clock.now()
    )


def device_lost(user_id: int) -> None:
    """The agent's last socket closed; the sweeper acts when it does not come back in time."""
    AgentPresence.objects.filter(user_id=user_id).update(device_ok=False)


@transaction.atomic
def set_system(
    user_id: int,
    frm: Collection[str],
    to: str,
    *,
    deadline: datetime | None = None,
    reason: str = "",
) -> bool:
    """Move the system axis if it stands in one of `frm`; say whether it did."""
    presence = _locked(user_id)
    if presence.system not in frm:
        return False
    if to == SystemState.IDLE and presence.next_chosen:
        presence.chosen, presence.aux_code = (
            presence.next_chosen,
            presence.next_aux_code,
        )
        presence.next_chosen = presence.next_aux_code = ""
    _enter(presence, to, deadline=deadline, reason=reason)
    _tell(presence)
    return True


def _locked(user_id: int) -> AgentPresence:
    AgentPresence.objects.bulk_create(
        [AgentPresence(user_id=user_id, state_since=clock.now())], ignore_conflicts=True
    )
    return AgentPresence.objects.select_for_update().get(user_id=user_id)


def _enter(
    presence: AgentPresence,
    system: str,
    *,
    deadline: datetime | None = None,
    reason: str = "",
) -> None:
    now = clock.now()
    presence.system, presence.system_reason, presence.deadline = (
        system,
        reason,
        deadline,
    )
    presence.state_since = now
    if system == SystemState.IDLE:
        presence.idle_since = now
    presence.save()
    AgentSegment.objects.filter(Q(ended_at=None), user_id=presence.user_id).update(
        ended_at=now
    )
    AgentSegment.objects.create(
        user_id=presence.user_id,
        chosen=presence.chosen,
        system=system,
        aux_code=presence.aux_code,
        started_at=now,
    )


def _tell(presence: AgentPresence) -> None:
    event = PresenceChanged(
        user_id=presence.user_id, chosen=presence.chosen, system=presence.system
    )
    live.publish(f"agent:{presence.user_id}", event)
    live.publish("board", BoardChanged())
