"""What happened during a recording, for its player: holds, pauses, colleagues who came, notes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q

from telephony.models import CallHold, CallLeg, NoteMark, Recording
from telephony.states import LegKind

ICONS = {
    "hold": "icon:player-pause",
    "pause": "icon:credit-card",
    "transfer": "icon:user-plus",
    "note": "icon:pencil",
}
COLLEAGUES = (LegKind.AGENT, LegKind.CONSULT)


class MarkKind(StrEnum):
    HOLD = "hold"
    PAUSE = "pause"
    TRANSFER = "transfer"
    NOTE = "note"


@dataclass(frozen=True)
class Mark:
    """A stretch or a moment of a recording, in seconds from its beginning; a moment has no `end_s`."""

    kind: MarkKind
    start_s: int
    end_s: int | None = None
    name: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.kind]


def marks_of(recording: Recording) -> list[Mark]:
    """The marks of a finished recording, first things first."""
    if recording.ended_at is None:
        return []
    return sorted(_found(recording, recording.ended_at), key=lambda mark: mark.start_s)


def _found(recording: Recording, end: datetime) -> Iterator[Mark]:
    begin = recording.started_at
    overlaps = Q(started_at__lt=end) & (Q(ended_at=None) | Q(ended_at__gt=begin))
    for hold in CallHold.objects.filter(overlaps, leg__call=recording.call_id):
        yield _stretch(MarkKind.HOLD, begin, end, hold.started_at, hold.ended_at)
    for pause in recording.pauses.filter(overlaps):
        yield _stretch(MarkKind.PAUSE, begin, end, pause.started_at, pause.ended_at)
    for note in NoteMark.objects.filter(call=recording.call_id, at__gt=begin, at__lt=end):
        yield Mark(MarkKind.NOTE, _seconds(begin, note.at))
    legs = CallLeg.objects.filter(call=recording.call_id, kind__in=COLLEAGUES, joined_at__gt=begin, joined_at__lt=end)
    for leg in legs.exclude(pk=recording.leg_id or 0).select_related("agent"):
        if leg.joined_at is not None:
            yield Mark(MarkKind.TRANSFER, _seconds(begin, leg.joined_at), name=leg.staff.name)


def _stretch(kind: MarkKind, begin: datetime, end: datetime, start: datetime, stop: datetime | None) -> Mark:
    return Mark(kind, _seconds(begin, max(begin, start)), _seconds(begin, min(end, stop or end)))


def _seconds(begin: datetime, moment: datetime) -> int:
    return round((moment - begin).total_seconds())
