"""How often one reader may post: enough for a person, not for a script."""

from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True)
class Limit:
    """At most `times` in `seconds`, counted per person or, for strangers, per address."""

    name: str
    times: int
    seconds: int

    def is_used_up(self, request: HttpRequest) -> bool:
        """Count this request and tell whether it is one too many."""
        return self.is_used_up_by(_who(request))

    def is_used_up_by(self, whom: str) -> bool:
        """The same for anything else that is counted by, such as an address."""
        key = f"portal:{self.name}:{sha256(whom.encode()).hexdigest()}"
        if cache.add(key, 1, self.seconds):
            return False
        try:
            return cache.incr(key) > self.times
        except ValueError:
            # The counter ran out between the two calls: a new period has begun.
            return False


NEW_REQUESTS = Limit("request", 10, 3600)
REPLIES = Limit("reply", 30, 3600)
SURVEYS = Limit("survey", 60, 3600)
GUEST_REQUESTS = Limit("guest-request", 5, 3600)
GUEST_REQUESTS_OF_ADDRESS = Limit("guest-request-of", 5, 3600)
INTERESTS = Limit("interest", 5, 3600)
INTERESTS_OF_ADDRESS = Limit("interest-of", 3, 3600)
CODES = Limit("code", 12, 3600)
CODES_OF_ADDRESS = Limit("code-of-address", 6, 3600)
CODES_OF_NUMBER = Limit("code-of-number", 12, 3600)
CODE_TRIES = Limit("code-try", 30, 3600)
# Who asks again within half a minute waits for the first one.
RESENT = Limit("code-resent", 1, 30)
INVITATIONS = Limit("invite", 20, 3600)
ACCEPTED = Limit("accept", 20, 3600)
PROOFS = Limit("proof", 6, 3600)
POINTS = Limit("point", 8, 3600)
VOTES = Limit("vote", 30, 3600)
# Whose line breaks again and again calls again and again.
CALLS = Limit("call", 30, 3600)
CHATS = Limit("chat", 10, 3600)
CHAT_LINES = Limit("chat-line", 60, 60)
SUGGESTIONS = Limit("suggest", 120, 60)


def _who(request: HttpRequest) -> str:
    return f"user:{request.user.pk}" if request.user.is_authenticated else f"ip:{request.META.get('REMOTE_ADDR', '')}"
