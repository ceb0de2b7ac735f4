"""Who has a ticket open right now, in short-lived keys of Redis: nothing here outlives the tabs that said so."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.live import redis, version_key

KEPT_S = 12


class Doing(models.TextChoices):
    WRITING = "writing", _("is writing")
    VIEWING = "viewing", _("is looking at this")
    IDLE = "idle", _("has this open, but is away")


@dataclass(frozen=True)
class Viewer:
    user_id: int
    doing: Doing


def note(ticket_id: int, tab: str, user_id: int, doing: str) -> bool:
    """Keep what a tab does; whether that is news. Raises RedisError."""
    key, server = _key(ticket_id), redis()
    known = _text(server.hget(key, tab))
    pipeline = server.pipeline()
    pipeline.hset(key, tab, f"{user_id}~{doing}~{_time()}")
    pipeline.expire(key, 2 * KEPT_S)
    pipeline.execute()
    return known.rpartition("~")[0] != f"{user_id}~{doing}"


def forget(ticket_id: int, tab: str) -> bool:
    """Whether the tab was known. Raises RedisError."""
    return bool(redis().hdel(_key(ticket_id), tab))


def sweep(ticket_id: int) -> bool:
    """Forget tabs that were not heard of for a while; whether there were any. Raises RedisError."""
    gone = [tab for tab, (_user, _doing, age) in _tabs(ticket_id).items() if age > KEPT_S]
    return bool(gone and redis().hdel(_key(ticket_id), *gone))


def viewers(ticket_id: int) -> list[Viewer]:
    """Each person once, with the most that any of their tabs does. Raises RedisError."""
    order = list(Doing)
    doings: dict[int, Doing] = {}
    for user_id, doing, age in _tabs(ticket_id).values():
        if age <= KEPT_S:
            doings[user_id] = min(doing, doings.get(user_id, Doing.IDLE), key=order.index)
    found = [Viewer(user_id, doing) for user_id, doing in doings.items()]
    return sorted(found, key=lambda viewer: (order.index(viewer.doing), viewer.user_id))


def _tabs(ticket_id: int) -> dict[str, tuple[int, Doing, int]]:
    """Tab → user, what is done, seconds since the tab was heard of."""
    now, tabs = _time(), {}
    for tab, line in redis().hgetall(_key(ticket_id)).items():
        user_id, doing, at = _text(line).split("~")
        tabs[_text(tab)] = (int(user_id), Doing(doing), now - int(at))
    return tabs


def _text(stored: bytes | str | None) -> str:
    return stored.decode() if isinstance(stored, bytes) else stored or ""


def _time() -> int:
    """The server's own clock, so that all processes agree."""
    return int(redis().time()[0])


def _key(ticket_id: int) -> str:
    return version_key(f"viewers:{ticket_id}").replace("live:v:", "")
