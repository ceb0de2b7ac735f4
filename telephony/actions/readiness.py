"""Who becomes ready gets a waiting call at once, not at the next tick."""

from django.db import transaction

from crmcore.actions import presence
from crmcore.models import AgentPresence, User
from telephony.actions.distribution import distribute_soon


@transaction.atomic
def start_shift(user: User) -> AgentPresence:
    """Open the agent's day, ready for calls."""
    opened = presence.start_shift(user)
    distribute_soon(agent=user.pk)
    return opened


@transaction.atomic
def choose(user: User, chosen: str, *, aux_code: str = "", by: User) -> AgentPresence:
    """Set what the agent wants to be; during work it is kept for afterwards."""
    now_chosen = presence.choose(user, chosen, aux_code=aux_code, by=by)
    distribute_soon(agent=user.pk)
    return now_chosen


@transaction.atomic
def screen_opened(user_id: int) -> None:
    """The agent's screen is there (again)."""
    presence.device_seen([user_id])
    distribute_soon(agent=user_id)


@transaction.atomic
def report_phone(user: User, fault: str) -> None:
    """Note whether the agent's computer can take calls; once it can again, a waiting one comes at once."""
    if presence.report_phone(user.pk, fault) and not fault:
        distribute_soon(agent=user.pk)
