"""The sealed messages of safe mode: AES-256-CBC, whose padding fills blocks of 32 bytes and which names the account."""

import base64
import binascii
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

KEY_LENGTH = 43
_BLOCK = 32
_HEAD = 20


class BadEnvelope(Exception):
    """The message was not sealed with this key, or not for this account."""


def key_of(encoding_key: str) -> bytes:
    """The 32 bytes behind the 43 characters that the platform shows. Raises BadEnvelope."""
    try:
        key = base64.b64decode(f"{encoding_key}=", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadEnvelope("the key is not written in base64") from error
    if len(encoding_key) != KEY_LENGTH or len(key) != _BLOCK:
        raise BadEnvelope("the key has the wrong length")
    return key


def seal(message: bytes, *, encoding_key: str, app_id: str) -> str:
    """A message as safe mode sends it."""
    plain = os.urandom(16) + struct.pack(">I", len(message)) + message + app_id.encode()
    pad = _BLOCK - len(plain) % _BLOCK
    key = key_of(encoding_key)
    worker = Cipher(AES256(key), CBC(key[:16])).encryptor()
    return base64.b64encode(worker.update(plain + bytes([pad]) * pad) + worker.finalize()).decode("ascii")


def unseal(sealed: str, *, encoding_key: str, app_id: str) -> bytes:
    """The message again. Raises BadEnvelope."""
    key = key_of(encoding_key)
    try:
        raw = base64.b64decode(sealed, validate=True)
        worker = Cipher(AES256(key), CBC(key[:16])).decryptor()
        plain = worker.update(raw) + worker.finalize()
    except ValueError as error:
        raise BadEnvelope("this cannot be opened") from error
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise BadEnvelope("the padding is wrong")
    plain = plain[:-pad]
    length = struct.unpack(">I", plain[16:_HEAD])[0] if len(plain) >= _HEAD else len(plain)
    message, receiver = plain[_HEAD : _HEAD + length], plain[_HEAD + length :]
    if len(message) != length or receiver != app_id.encode():
        raise BadEnvelope("it is meant for another account")
    return message
