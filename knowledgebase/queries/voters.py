"""Who votes: a name for the reader that says nothing about an anonymous one."""

import hashlib

from knowledgebase.models import Reader


def voter_key(user: Reader, session_key: str) -> str:
    """`user:7` for somebody signed in, else a digest of the session, so that stored votes cannot open it."""
    if user.is_authenticated:
        return f"user:{user.pk}"
    return f"session:{hashlib.sha256(session_key.encode()).hexdigest()[:40]}"
