"""Deleting sound whose time is over, and keeping what must not be deleted.

The file goes first and the row follows in the same transaction: a process that dies in between leaves a row that the
next round finds again, never a file that nobody knows of.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import DateField, F, Model, QuerySet
from django.db.models.functions import Cast

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from crmcore.permissions import require
from telephony.models import KeptSound, Recording, RecordingPolicy, RetentionPolicy, Voicemail
from telephony.models.kept_sound import TO_DELETE

AT_ONCE = 100


class NoReason(ValueError):
    """A legal hold names its reason."""


class OnHold(Exception):
    """What is on legal hold is not deleted."""


class WouldDelete(Exception):
    """So many recordings and messages would be deleted within minutes."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


@dataclass(frozen=True)
class Rules:
    """Days for recordings and for messages, and for the recordings of queues that have a rule of their own."""

    recording_days: int | None = None
    voicemail_days: int | None = None
    queue_days: dict[int, int | None] = field(default_factory=dict)


def delete_expired() -> int:
    """Delete what is past its last day, some at a time; says how many were deleted."""
    count = 0
    for due in (_due(), _due(Voicemail)):
        for pk in due.values_list("pk", flat=True)[:AT_ONCE]:
            count += _delete_one(due.filter(pk=pk))
    return count


@transaction.atomic
def delete_sound(sound: KeptSound, *, by: User) -> None:
    """Delete one recording or message for good; its row stays. Raises PermissionDenied and OnHold."""
    require(by, "recording", "delete")
    locked = _locked(sound)
    if locked.legal_hold:
        raise OnHold(sound)
    _erase(locked, by=by)


@transaction.atomic
def set_legal_hold(sound: KeptSound, *, on: bool, reason: str, by: User) -> None:
    """Keep sound whatever the retention says, or let it have the sound again. Raises PermissionDenied, NoReason."""
    require(by, "recording", "edit")
    locked = _locked(sound)
    if locked.deleted_at is not None or locked.legal_hold == on:
        return
    if on and not reason.strip():
        raise NoReason
    locked.legal_hold, locked.hold_reason = on, reason.strip()[:200] if on else ""
    locked.save(update_fields=["legal_hold", "hold_reason"])
    verb = "held" if on else "released"
    audit.record(f"{locked.kind}.{verb}", locked, by=by, detail={"reason": reason.strip()[:200]})


@transaction.atomic
def set_retention(rules: Rules, *, by: User, is_sure: bool = False) -> None:
    """Say how long the desk keeps sound; what is already kept follows the new rules.

    Raises WouldDelete, and changes nothing, where that ends the time of something and the person is not sure.
    """
    require(by, "settings", "edit")
    before = _due().count() + _due(Voicemail).count()
    days = {"recording_days": rules.recording_days, "voicemail_days": rules.voicemail_days}
    policy, _created = RetentionPolicy.objects.update_or_create(pk=1, defaults=days)
    for queue, own in rules.queue_days.items():
        if own or RecordingPolicy.objects.filter(queue=queue).exists():
            RecordingPolicy.objects.update_or_create(queue_id=queue, defaults={"retention_days": own})
    audit.record("retention.policy", policy, by=by, detail={**days, "queues": rules.queue_days})
    apply_retention()
    ends = _due().count() + _due(Voicemail).count() - before
    if ends > 0 and not is_sure:
        raise WouldDelete(ends)


def apply_retention() -> None:
    """Count the last days of all that is kept anew, after a rule has changed."""
    policy = RetentionPolicy.current()
    own = RecordingPolicy.objects.filter(retention_days__isnull=False)
    kept = Recording.objects.filter(deleted_at=None, ended_at__isnull=False)
    for queue, days in own.values_list("queue", "retention_days"):
        _keep_for(kept.filter(call__queue=queue), "ended_at", days)
    _keep_for(kept.exclude(call__queue__in=own.values("queue")), "ended_at", policy.recording_days)
    _keep_for(Voicemail.objects.filter(deleted_at=None), "received_at", policy.voicemail_days)


def _due(model: type[KeptSound] = Recording) -> QuerySet[KeptSound]:
    return model._default_manager.filter(TO_DELETE, delete_after__lt=clock.now().date())


def _keep_for(rows: QuerySet[Model], since: str, days: int | None) -> None:
    until = Cast(F(since) + timedelta(days=days), DateField()) if days else None
    rows.update(delete_after=until)


@transaction.atomic
def _delete_one(rows: QuerySet[KeptSound]) -> int:
    sound = rows.select_for_update(of=("self",), skip_locked=True).first()
    if sound is not None:
        _erase(sound, by=None)
    return int(sound is not None)


def _erase(sound: KeptSound, *, by: User | None) -> None:
    if sound.file:
        sound.file.storage.delete(str(sound.file))
    if isinstance(sound, Recording):
        sound.parts.all().delete()
    sound.file, sound.peaks, sound.deleted_at, sound.deleted_by = "", [], clock.now(), by
    sound.save(update_fields=["file", "peaks", "deleted_at", "deleted_by"])
    audit.record(f"{sound.kind}.deleted", sound, by=by)


def _locked(sound: KeptSound) -> KeptSound:
    locked = sound._meta.default_manager.select_for_update(of=("self",)).get(pk=sound.pk)  # type: ignore[union-attr]
    assert isinstance(locked, KeptSound)
    return locked
