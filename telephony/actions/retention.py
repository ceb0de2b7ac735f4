"""Deleting sound whose time is over, and keeping what must not be deleted.

The file goes first and the row follows in the same transaction: a process that dies in between leaves a row that the
next round finds again, never a file that nobody knows of.
"""

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


def delete_expired() -> int:
    """Delete what its last day has passed, a handful at a time; says how many were deleted."""
    today, count = clock.now().date(), 0
    for model in (Recording, Voicemail):
        due = model._default_manager.filter(TO_DELETE, delete_after__lt=today)
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
def set_retention(*, recording_days: int | None, voicemail_days: int | None, by: User) -> None:
    """Say how long the desk keeps sound; what is already kept follows the new rule."""
    require(by, "settings", "edit")
    days = {"recording_days": recording_days, "voicemail_days": voicemail_days}
    policy, _created = RetentionPolicy.objects.update_or_create(pk=1, defaults=days)
    audit.record("retention.policy", policy, by=by, detail=days)
    apply_retention()


def apply_retention() -> None:
    """Count the last days of all that is kept anew, after a rule has changed."""
    policy = RetentionPolicy.current()
    own = RecordingPolicy.objects.filter(retention_days__isnull=False)
    kept = Recording.objects.filter(deleted_at=None, ended_at__isnull=False)
    for queue, days in own.values_list("queue", "retention_days"):
        _keep_for(kept.filter(call__queue=queue), "ended_at", days)
    _keep_for(kept.exclude(call__queue__in=own.values("queue")), "ended_at", policy.recording_days)
    _keep_for(Voicemail.objects.filter(deleted_at=None), "received_at", policy.voicemail_days)


def _keep_for(rows: QuerySet[Model], since: str, days: int | None) -> None:
    until = Cast(F(since) + timedelta(days=days), DateField()) if days else None
    rows.update(delete_after=until)


@transaction.atomic
def _delete_one(rows: QuerySet[Model]) -> int:
    sound = rows.select_for_update(of=("self",), skip_locked=True).first()
    if isinstance(sound, KeptSound):
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
