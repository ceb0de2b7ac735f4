"""What lies in the store of recordings, for whoever answers for it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from telephony.models import Recording, Voicemail
from telephony.recordings_store import SEALED_SUFFIX, SealedStorage, recordings_storage


@dataclass(frozen=True)
class StoreFacts:
    """`place` is a folder or a bucket. `sealed` of all files are encrypted; some are `unreadable` without their key."""

    place: str
    is_bucket: bool
    seals: bool
    recordings: int
    messages: int
    megabytes: float
    sealed: int
    is_unreadable: bool


def store_facts() -> StoreFacts:
    """Counted anew at each call."""
    store = recordings_storage()
    assert isinstance(store, SealedStorage)
    counted = {model: _count(model) for model in (Recording, Voicemail)}
    folder = getattr(store.within, "base_location", "")
    size = Recording.objects.filter(deleted_at=None).aggregate(size=Sum("size"))["size"] or 0
    ends = [name for row in counted.values() for name in (row["first"], row["last"]) if name]
    return StoreFacts(
        place=str(folder or getattr(store.within, "bucket_name", "")),
        is_bucket=not folder,
        seals=bool(store.ring),
        recordings=counted[Recording]["files"],
        messages=counted[Voicemail]["files"],
        megabytes=size / 1024 / 1024,
        sealed=sum(row["sealed"] for row in counted.values()),
        is_unreadable=any(not _can_read(store, name) for name in ends),
    )


def _count(model: type[Recording] | type[Voicemail]) -> dict[str, Any]:
    sealed = Q(file__endswith=SEALED_SUFFIX)
    rows = model._default_manager.exclude(file="")
    found = rows.aggregate(files=Count("pk"), sealed=Count("pk", filter=sealed))
    ends = rows.filter(sealed).aggregate(first=Min("pk"), last=Max("pk"))
    names = dict(rows.filter(pk__in=ends.values()).values_list("pk", "file"))
    return {**found, "first": names.get(ends["first"], ""), "last": names.get(ends["last"], "")}


def _can_read(store: SealedStorage, name: str) -> bool:
    try:
        return store.can_read(name)
    except OSError:
        return True
