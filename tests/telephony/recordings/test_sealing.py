"""Sealed files: hidden, readable from anywhere, whole or not at all."""

import io
import os

import pytest

from telephony.sealing import FRAME_BYTES, HEAD_BYTES, SEALED_FRAME_BYTES, CannotUnseal, KeyRing, Unsealed, sealed

OLD, NEW = "o" * 32, "n" * 32
RING = KeyRing([NEW])


def seal(plain: bytes, ring: KeyRing = RING) -> bytes:
    return b"".join(sealed(io.BytesIO(plain), ring))


def opened(data: bytes, ring: KeyRing = RING) -> io.BufferedReader:
    return io.BufferedReader(Unsealed(io.BytesIO(data), len(data), ring))


@pytest.mark.parametrize("length", [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 2 * FRAME_BYTES, 200_000])
def test_what_was_sealed_opens_again(length: int) -> None:
    plain = os.urandom(length)
    data = seal(plain)
    assert opened(data).read() == plain
    assert Unsealed(io.BytesIO(data), len(data), RING).size == length


@pytest.mark.parametrize("start", [0, 5, FRAME_BYTES - 3, FRAME_BYTES, 150_000, 199_999, 200_000, 999_999])
def test_reading_begins_anywhere(start: int) -> None:
    plain = os.urandom(200_000)
    file = opened(seal(plain))
    file.seek(start)
    assert file.read(10) == plain[start : start + 10]


def test_one_place_is_read_without_opening_the_rest() -> None:
    plain = os.urandom(3 * FRAME_BYTES)
    data = bytearray(seal(plain))
    data[HEAD_BYTES + 5] ^= 1
    file = opened(bytes(data))
    file.seek(2 * FRAME_BYTES)
    assert file.read(8) == plain[2 * FRAME_BYTES :][:8]
    file.seek(0)
    with pytest.raises(CannotUnseal):
        file.read(1)


def test_nothing_of_the_sound_is_seen() -> None:
    data = seal(b"the card number is 4111" * 9000)
    assert b"card" not in data


def test_same_sound_never_looks_the_same() -> None:
    assert seal(b"hello")[HEAD_BYTES:] != seal(b"hello")[HEAD_BYTES:]


@pytest.mark.parametrize("cut", [1, 16, SEALED_FRAME_BYTES, SEALED_FRAME_BYTES + 17])
def test_file_that_was_cut_off_does_not_open_as_whole(cut: int) -> None:
    with pytest.raises(CannotUnseal):
        opened(seal(os.urandom(150_000))[:-cut]).read()


def test_swapped_frames_do_not_open() -> None:
    data = seal(os.urandom(3 * FRAME_BYTES))
    frames = [data[HEAD_BYTES + n * SEALED_FRAME_BYTES :][:SEALED_FRAME_BYTES] for n in range(3)]
    with pytest.raises(CannotUnseal):
        opened(data[:HEAD_BYTES] + frames[1] + frames[0] + frames[2]).read()


def test_older_key_on_the_ring_still_opens() -> None:
    data = seal(b"hello", KeyRing([OLD]))
    assert opened(data, KeyRing([NEW, OLD])).read() == b"hello"
    with pytest.raises(CannotUnseal):
        opened(data, KeyRing([NEW]))


def test_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        KeyRing(["secret"])
