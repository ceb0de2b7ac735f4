"""The carrier's signature, written down from its description and not from its library."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

DIGESTS = {"HMAC_SHA1": hashlib.sha1, "HMAC_SHA256": hashlib.sha256}


def sign(secret: str, url: str, fields: Mapping[str, str] | None = None, algorithm: str = "HMAC_SHA1") -> str:
    """Sign the address and, for a form, every name with its value in the order of the names."""
    text = url + "".join(name + value for name, value in sorted((fields or {}).items()))
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), DIGESTS[algorithm]).digest()).decode()


def body_hash(body: bytes) -> str:
    """What the address of a JSON webhook carries as `bodySHA256`."""
    return hashlib.sha256(body).hexdigest()
