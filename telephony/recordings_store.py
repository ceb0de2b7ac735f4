"""Where recordings and messages lie: any Django storage, sealed where the desk has a key.

What was kept without a key stays readable; what was kept under an older key as long as that key is on the list.
"""

import io
import tempfile
from collections.abc import Sequence
from functools import cached_property
from typing import IO, Any, BinaryIO, cast

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.core.files.storage import InvalidStorageError, Storage, storages
from django.utils.deconstruct import deconstructible

from telephony.sealing import HEAD_BYTES, KeyRing, Unsealed, is_sealed, key_id, plain_size, sealed

ALIAS = "recordings"
SEALED_SUFFIX = ".sealed"
IN_MEMORY_BYTES = 8 * 1024 * 1024


@deconstructible(path="telephony.recordings_store.SealedStorage")
class SealedStorage(Storage):
    """Files of another storage, sealed by the first of `keys` (none: kept as they are). They have no address."""

    def __init__(self, *, within: dict[str, Any], keys: Sequence[str] = ()) -> None:
        self._within = within
        try:
            self.ring = KeyRing(keys)
        except ValueError as error:
            raise ImproperlyConfigured(f"RECORDINGS_KEY: {error}") from error

    @cached_property
    def within(self) -> Storage:
        """Where the files really lie."""
        try:
            return storages.create_storage(self._within)
        except InvalidStorageError as error:
            raise ImproperlyConfigured("recordings in S3 need django-storages: pip install .[s3]") from error

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """Raises CannotUnseal when the key is missing."""
        if "w" in mode or "a" in mode:
            raise ValueError("recordings are written whole, by save()")
        found: Any = self.within.open(name, "rb")
        if name.endswith(SEALED_SUFFIX):
            raw = Unsealed(found, self.within.size(name), self.ring)
            found = File(cast(IO[bytes], io.BufferedReader(raw)), name)
            found.size = raw.size
        return cast("File[bytes]", found)

    def _save(self, name: str, content: "File[Any]") -> str:
        if not self.ring:
            return self.within.save(name, content)
        with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as draft:
            content.seek(0)
            for piece in sealed(cast(BinaryIO, content), self.ring):
                draft.write(piece)
            draft.seek(0)
            return self.within.save(name + SEALED_SUFFIX, File(cast(IO[bytes], draft), name))

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The storage within looks for a free name."""
        return name

    def delete(self, name: str) -> None:
        self.within.delete(name)

    def exists(self, name: str) -> bool:
        return self.within.exists(name)

    def size(self, name: str) -> int:
        stored = self.within.size(name)
        return plain_size(stored) if name.endswith(SEALED_SUFFIX) else stored

    def can_read(self, name: str) -> bool:
        """Whether the key of this file is there."""
        if not name.endswith(SEALED_SUFFIX):
            return True
        with self.within.open(name, "rb") as file:
            return key_id(file.read(HEAD_BYTES)) in self.ring


def recordings_storage() -> Storage:
    """The storage of recordings, for `FileField(storage=recordings_storage)`."""
    return storages[ALIAS]


def seal_part(data: bytes) -> bytes:
    """A slice of sound as it may be kept in the database while the call goes on."""
    ring = _ring()
    return b"".join(sealed(io.BytesIO(data), ring)) if ring else data


def unseal_part(data: bytes) -> bytes:
    """The slice again. Raises CannotUnseal when its key is missing."""
    return Unsealed(io.BytesIO(data), len(data), _ring()).read() if is_sealed(data[:HEAD_BYTES]) else data


def _ring() -> KeyRing:
    store = recordings_storage()
    assert isinstance(store, SealedStorage)
    return store.ring
