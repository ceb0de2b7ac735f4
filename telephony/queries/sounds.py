"""Who may hear what, and what a player shows of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from crmcore.models import AuditEntry, User
from crmcore.permissions import may
from telephony.models import Call, Recording, Voicemail
from telephony.queries.marks import Mark, marks_of
from tickets.models import Ticket

SHOWN_LISTENINGS = 20


Sound = Recording | Voicemail


@dataclass(frozen=True)
class Player:
    """One sound as its reader sees it. `who` spoke for the desk; `part` counts the segments of a call of `parts`."""

    sound: Sound
    marks: list[Mark]
    may_download: bool
    who: str = ""
    part: int = 1
    parts: int = 1

    @property
    def address(self) -> str:
        """Where the sound is."""
        return reverse(f"telephony:{self.sound.kind}", args=[self.sound.pk])

    @property
    def state(self) -> str:
        """What can be done with it: ready, deleted, running, or still to come."""
        if self.sound.deleted_at is not None:
            return "deleted"
        if self.sound.file:
            return "ready"
        return "running" if isinstance(self.sound, Recording) and self.sound.is_open else "coming"


@dataclass(frozen=True)
class Listening:
    """Somebody heard a sound, or took it away."""

    who: str
    at: datetime
    is_download: bool


def sounds_of(call: Call) -> str:
    """The address of all that can be heard of a call; its players are at `player/` below it."""
    return reverse("telephony:call_players", args=[call.public_id]).removesuffix("player/")


def recordings_for(user: User, action: str = "view") -> QuerySet[Recording]:
    """Recordings within reach, of calls within reach."""
    reachable: QuerySet[Recording] = Recording.objects.visible_to(user, action)
    return reachable.filter(call__in=Call.objects.visible_to(user))


def messages_for(user: User) -> QuerySet[Voicemail]:
    """Messages of the tickets within reach; one without a ticket goes with its call."""
    alone = Q(ticket=None, call__in=Call.objects.visible_to(user))
    return Voicemail.objects.filter(Q(ticket__in=Ticket.objects.visible_to(user)) | alone)


def sound_for(user: User, kind: str, sound_id: int) -> Sound | None:
    """A recording or a message that this person may listen to."""
    if kind == "recording":
        return recordings_for(user).select_related("call").filter(pk=sound_id).first()
    return messages_for(user).select_related("call").filter(pk=sound_id).first()


def may_change(user: User, sound: Sound, action: str) -> bool:
    """Whether a listener may also do this: `export`, `edit` (legal hold), `delete`."""
    if isinstance(sound, Recording):
        return recordings_for(user, action).filter(pk=sound.pk).exists()
    return may(user, "recording", action)


def players_of_call(call: Call, user: User) -> list[Player]:
    """The message and the recordings of a call that this person may hear, in the order of the conversation."""
    messages = list(messages_for(user).filter(call=call))
    rows = recordings_for(user).filter(call=call).exclude(state=Recording.State.LOST).order_by("segment")
    recordings = list(rows.select_related("agent", "call"))
    exported = set(recordings_for(user, "export").filter(call=call).values_list("pk", flat=True))
    return [
        *(Player(message, [], may(user, "recording", "export")) for message in messages),
        *(
            Player(
                recording,
                marks_of(recording),
                recording.pk in exported,
                recording.agent.name if recording.agent else "",
                part,
                len(recordings),
            )
            for part, recording in enumerate(recordings, start=1)
        ),
    ]


def player_of_message(message: Voicemail, user: User) -> Player:
    """The player of one message."""
    return Player(message, [], may(user, "recording", "export"))


def listenings(sounds: Iterable[Sound]) -> list[Listening]:
    """Who listened to these or downloaded them, latest first."""
    found = Q(pk__in=[])
    for sound in sounds:
        verbs = [f"{sound.kind}.played", f"{sound.kind}.downloaded"]
        found |= Q(noun=sound.kind, object_id=str(sound.pk), verb__in=verbs)
    rows = AuditEntry.objects.filter(found).select_related("actor").order_by("-at")[:SHOWN_LISTENINGS]
    return [Listening(row.actor.name if row.actor else "", row.at, row.verb.endswith("downloaded")) for row in rows]
