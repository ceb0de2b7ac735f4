"""Passwords and tokens in the database: sealed by the desk's own key, worth nothing without it."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class CannotOpen(Exception):
    """The text was sealed by another key, or was changed."""


def key_for(purpose: str, secret: str) -> bytes:
    """32 bytes that serve one purpose only, from the desk's one secret."""
    return HKDF(SHA256(), 32, salt=None, info=f"servicedesk {purpose}".encode()).derive(secret.encode())


def seal(text: str, key: bytes) -> str:
    """The text as it may be stored; empty stays empty."""
    if not text:
        return ""
    nonce = os.urandom(_NONCE_BYTES)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), None)).decode("ascii")


def unseal(sealed: str, key: bytes) -> str:
    """The text again. Raises CannotOpen."""
    if not sealed:
        return ""
    try:
        raw = base64.b64decode(sealed, validate=True)
        return AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error
