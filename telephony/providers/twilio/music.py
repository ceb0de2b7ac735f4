"""Hold music made on the spot: a slow run over two chords, in telephone quality, free of anybody's licence."""

import io
import math
import wave
from array import array
from functools import cache

RATE = 8000
NOTE_S = 0.5
SOUNDS_FOR_S = 1.0
LOUDNESS = 0.16
CHORDS = ((261.63, 329.63, 392.0, 493.88), (220.0, 261.63, 329.63, 392.0))


@cache
def hold_music() -> bytes:
    """A WAV file of sixteen seconds."""
    notes = [note for chord in CHORDS for _ in range(2) for note in (*chord, *reversed(chord))]
    samples = [0.0] * int(RATE * NOTE_S * len(notes))
    for position, frequency in enumerate(notes):
        _add_note(samples, frequency, int(position * NOTE_S * RATE))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(array("h", (int(32767 * max(-1.0, min(1.0, sample))) for sample in samples)).tobytes())
    return file.getvalue()


def _add_note(samples: list[float], frequency: float, start: int) -> None:
    """Add one fading note; what reaches beyond the end sounds at the beginning, so that the loop has no seam."""
    step = 2 * math.pi * frequency / RATE
    for index in range(int(SOUNDS_FOR_S * RATE)):
        second = index / RATE
        volume = LOUDNESS * min(1.0, second / 0.05) * math.exp(-4 * second)
        samples[(start + index) % len(samples)] += volume * math.sin(step * index)
