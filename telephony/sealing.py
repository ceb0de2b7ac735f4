"""Sound encrypted at rest: a stream in frames of 64 KiB, any of which can be read without those before it.

A sealed file is a head (mark, key id, salt) and frames of AES-256-GCM. Every file has a key of its own, derived from
the desk's key and the salt. A frame's nonce is its number and whether it is the last, so frames that are swapped, cut
off or taken from another file do not open.
"""

import hashlib
import io
import os
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = b"SDSOUND1"
KEY_ID_BYTES, SALT_BYTES, TAG_BYTES = 8, 16, 16
HEAD_BYTES = len(MARK) + KEY_ID_BYTES + SALT_BYTES
FRAME_BYTES = 64 * 1024
SEALED_FRAME_BYTES = FRAME_BYTES + TAG_BYTES
SHORTEST_KEY = 32


class CannotUnseal(Exception):
    """The file's key is not on the ring, or its bytes were changed."""


class KeyRing:
    """The desk's keys: the first one seals, all of them open. Raises ValueError for a key that is too short."""

    def __init__(self, keys: Sequence[str]) -> None:
        if any(len(key) < SHORTEST_KEY for key in keys):
            raise ValueError(f"a key for recordings has {SHORTEST_KEY} characters or more")
        self._keys = {_id_of(key): key.encode() for key in keys}
        self._newest = _id_of(keys[0]) if keys else b""

    def __bool__(self) -> bool:
        return bool(self._keys)

    def __contains__(self, key_id: bytes) -> bool:
        return key_id in self._keys

    def new_head(self) -> bytes:
        """The head of a file to be sealed."""
        return MARK + self._newest + os.urandom(SALT_BYTES)

    def cipher(self, head: bytes) -> AESGCM:
        """What opens and closes the frames behind this head. Raises CannotUnseal."""
        key = self._keys.get(key_id(head))
        if key is None or not is_sealed(head):
            raise CannotUnseal("no key for this file")
        return AESGCM(HKDF(SHA256(), 32, salt=head[-SALT_BYTES:], info=MARK).derive(key))


def is_sealed(head: bytes) -> bool:
    """Whether a file that begins like this is sealed."""
    return len(head) == HEAD_BYTES and head.startswith(MARK)


def key_id(head: bytes) -> bytes:
    """Which key sealed the file that begins like this."""
    return head[len(MARK) : len(MARK) + KEY_ID_BYTES]


def sealed(source: BinaryIO, ring: KeyRing) -> Iterator[bytes]:
    """The bytes of the sealed file, piece by piece."""
    head = ring.new_head()
    cipher = ring.cipher(head)
    yield head
    number, frame = 0, source.read(FRAME_BYTES)
    while True:
        following = source.read(FRAME_BYTES)
        yield cipher.encrypt(_nonce(number, is_last=not following), frame, head)
        if not following:
            return
        number, frame = number + 1, following


class Unsealed(io.RawIOBase):
    """A sealed file as its plain bytes, to be read from anywhere. `size`: how long the sealed file is."""

    def __init__(self, file: BinaryIO, size: int, ring: KeyRing) -> None:
        self._file, self._sealed_bytes = file, size
        self._head = file.read(HEAD_BYTES)
        self._cipher = ring.cipher(self._head)
        self._at, self._number, self._frame = 0, -1, b""

    @property
    def size(self) -> int:
        """How many plain bytes there are."""
        return plain_size(self._sealed_bytes)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill what one frame can fill. Raises CannotUnseal when the file was changed."""
        if self._at >= self.size:
            return 0
        number, within = divmod(self._at, FRAME_BYTES)
        piece = self._read_frame(number)[within : within + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _read_frame(self, number: int) -> bytes:
        if number != self._number:
            start = HEAD_BYTES + number * SEALED_FRAME_BYTES
            self._file.seek(start)
            frame = self._file.read(SEALED_FRAME_BYTES)
            is_last = start + len(frame) >= self._sealed_bytes
            try:
                self._frame = self._cipher.decrypt(_nonce(number, is_last=is_last), frame, self._head)
            except InvalidTag as error:
                raise CannotUnseal("the file was changed") from error
            self._number = number
        return self._frame


def plain_size(sealed_bytes: int) -> int:
    """How many plain bytes a sealed file of this length holds."""
    body = sealed_bytes - HEAD_BYTES
    return body - TAG_BYTES * -(-body // SEALED_FRAME_BYTES)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _id_of(key: str) -> bytes:
    return hashlib.sha256(MARK + key.encode()).digest()[:KEY_ID_BYTES]
