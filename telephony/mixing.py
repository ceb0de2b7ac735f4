"""Who hears whom in a conversation. Pure, so every rule is a table in a test."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from telephony.providers.base import Voice
from telephony.states import LegKind, Supervision


@dataclass(frozen=True)
class Mix:
    """For each leg the legs that it hears, and the legs that hear music instead."""

    hears: dict[int, list[int]]
    music: list[int]


def mix_of(voices: Iterable[Voice]) -> Mix:
    """The mix of a whole conversation."""
    listed = list(voices)
    hears = {ear.leg_id: [mouth.leg_id for mouth in listed if _hears(ear, mouth)] for ear in listed}
    return Mix(hears, [voice.leg_id for voice in listed if voice.is_held])


def _hears(ear: Voice, mouth: Voice) -> bool:
    if ear.leg_id == mouth.leg_id or ear.is_held or mouth.is_held:
        return False
    if mouth.kind != LegKind.SUPERVISOR or mouth.supervision == Supervision.BARGE:
        return True
    return mouth.supervision == Supervision.WHISPER and ear.kind == LegKind.AGENT


def tape_of(voices: Sequence[Voice]) -> dict[str, list[int]]:
    """What a recording holds: on the left the agent as the customer hears him, on the right everybody else in the
    conversation. Nothing that the customer may not hear is in it, nor what is said while the customer is on hold.
    """
    hears = mix_of(voices).hears
    customer = next((voice.leg_id for voice in voices if voice.kind == LegKind.CUSTOMER), 0)
    agent = next((voice.leg_id for voice in voices if voice.kind == LegKind.AGENT), 0)
    heard = hears.get(customer, [])
    return {
        "left": [leg for leg in heard if leg == agent],
        "right": [customer for leg in hears.get(agent, []) if leg == customer] + [leg for leg in heard if leg != agent],
    }


@dataclass(frozen=True)
class Star:
    """The conversation as its pages build it: everybody is connected to the agent's page alone, which mixes."""

    epoch: int
    voices: Sequence[Voice]

    @property
    def centre(self) -> int | None:
        """The leg of the agent who has the call in hand."""
        return next((voice.leg_id for voice in self.voices if voice.kind == LegKind.AGENT), None)

    def peers_of(self, leg_id: int) -> list[int]:
        """The legs to which this leg's page is connected."""
        if self.centre is None or all(voice.leg_id != leg_id for voice in self.voices):
            return []
        if leg_id != self.centre:
            return [self.centre]
        return [voice.leg_id for voice in self.voices if voice.leg_id != leg_id]

    def mix_for(self, leg_id: int) -> Mix:
        """What this leg's page mixes: the centre the whole, every other page itself and the centre."""
        if leg_id == self.centre:
            return mix_of(self.voices)
        peers = self.peers_of(leg_id)
        return Mix({leg_id: peers} | {peer: [leg_id] for peer in peers}, [])

    def tape_for(self, leg_id: int) -> dict[str, list[int]]:
        """What this leg's page records, if it is asked to: the centre alone hears all of it."""
        return tape_of(self.voices) if leg_id == self.centre else {}

    def is_held(self, leg_id: int) -> bool:
        """Whether this leg's party is on hold."""
        return any(voice.is_held for voice in self.voices if voice.leg_id == leg_id)
