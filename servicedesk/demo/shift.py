"""Demo people on duty without a screen: away for a reason, so no call can reach them, and after a while for another."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import cycle

from crmcore import clock
from crmcore.actions import presence
from crmcore.models import AgentPresence, User
from crmcore.models.presence import Chosen

# Each reason lasts less than the break that the board finds too long.
LASTS = {
    "meal": timedelta(minutes=18),
    "training": timedelta(minutes=17),
    "office": timedelta(minutes=13),
    "meeting": timedelta(minutes=16),
    "break": timedelta(minutes=8),
}


def begin_shifts(staff: Iterable[User]) -> None:
    """Let every second agent stand on shift, each in the middle of something else."""
    for user, (reason, lasts) in zip(list(staff)[::2], cycle(LASTS.items()), strict=False):
        with clock.at(clock.now() - lasts * 0.4):
            presence.choose(user, Chosen.AUX, aux_code=reason, by=user)


def turn_shifts() -> None:
    """Whoever has been away for long enough turns to the next reason; who opened a console is left alone."""
    now, reasons = clock.now(), list(LASTS)
    away = AgentPresence.objects.filter(user__is_demo=True, chosen=Chosen.AUX, last_seen_at=None)
    for one in away.select_related("user"):
        if now - one.state_since >= LASTS.get(one.aux_code, timedelta()):
            place = reasons.index(one.aux_code) if one.aux_code in LASTS else -1
            presence.choose(one.user, Chosen.AUX, aux_code=reasons[(place + 1) % len(reasons)], by=one.user)
