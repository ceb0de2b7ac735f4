"""Who listens is on record: once for each listening, however many pieces the browser fetches."""

from datetime import timedelta

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import AuditEntry, User
from telephony.models import KeptSound

# A listening goes on while the same person fetches more within this time and the length of the sound.
PAUSE = timedelta(minutes=30)
MOST_CHANNELS, MOST_PEAKS, LOUDEST = 2, 1000, 100


def note_listening(sound: KeptSound, *, by: User) -> None:
    """The person hears the sound; fetching more of the same listening adds nothing."""
    verb = f"{sound.kind}.played"
    since = clock.now() - PAUSE - timedelta(seconds=sound.length_s)
    begun = AuditEntry.objects.filter(noun=sound.kind, object_id=str(sound.pk), verb=verb, actor=by, at__gte=since)
    if begun.exists():
        return
    with transaction.atomic():
        # Two pieces that are fetched at once are one listening.
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
        if not begun.exists():
            audit.record(verb, sound, by=by)


def note_download(sound: KeptSound, *, by: User) -> None:
    """The person takes the sound away as a file."""
    audit.record(f"{sound.kind}.downloaded", sound, by=by)


def keep_peaks(sound: KeptSound, peaks: object) -> bool:
    """Keep the loudness that the first listener's browser has measured; says whether it was well formed."""
    if not is_peaks(peaks):
        return False
    type(sound)._default_manager.filter(pk=sound.pk, peaks=[], deleted_at=None).update(peaks=peaks)
    return True


def is_peaks(peaks: object) -> bool:
    """Whether this is a list of loudness for each channel."""
    if not isinstance(peaks, list) or not 1 <= len(peaks) <= MOST_CHANNELS:
        return False
    return all(
        isinstance(channel, list)
        and 1 <= len(channel) <= MOST_PEAKS
        and all(type(peak) is int and 0 <= peak <= LOUDEST for peak in channel)
        for channel in peaks
    )
