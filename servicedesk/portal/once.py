"""Forms that are sent twice: the second time finds what the first one made."""

import uuid

from django.core.cache import cache

LIFETIME_S = 24 * 3600
_PENDING = ""


def fresh() -> str:
    """A token for a form that is being shown."""
    return uuid.uuid4().hex


def claim(owner: int, token: str) -> bool:
    """Whether this is the first time that the form with `token` arrives from this person."""
    return cache.add(_key(owner, token), _PENDING, LIFETIME_S)


def settle(owner: int, token: str, made: str) -> None:
    """Remember what the form made, for its repetitions."""
    cache.set(_key(owner, token), made, LIFETIME_S)


def release(owner: int, token: str) -> None:
    """Nothing was made: the form may come again."""
    cache.delete(_key(owner, token))


def made_before(owner: int, token: str) -> str:
    """What the form made when it came first; empty while that is not settled."""
    return str(cache.get(_key(owner, token), _PENDING))


def _key(owner: int, token: str) -> str:
    return f"portal:once:{owner}:{token[:40]}"
