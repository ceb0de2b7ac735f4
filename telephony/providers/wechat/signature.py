"""Whether the platform signed a request: SHA-1 over what both sides know, in the order of the alphabet."""

import hashlib
import hmac
from datetime import datetime

# Older requests may be copies that somebody kept. The platform's clock and ours may differ by some of it.
FRESH_S = 300


def signature_of(*parts: str) -> str:
    """The mark of these parts: token, timestamp and nonce, in safe mode the sealed message too."""
    # Not our choice: the platform signs so.
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def is_genuine(signature: str, *parts: str) -> bool:
    """Whether a mark is the right one; it takes the same time however much of it is right."""
    return bool(parts[0]) and hmac.compare_digest(signature.encode(), signature_of(*parts).encode())


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether a request was signed just now."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= FRESH_S
