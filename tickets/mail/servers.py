"""Where a mailbox's mail is sent and fetched, and what its servers answer when they do not want."""

import ssl
from dataclasses import dataclass
from enum import StrEnum

TIMEOUT_S = 20
_LONGEST = 300


class Security(StrEnum):
    """How the way to a server is closed to others."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True)
class Server:
    """Address and sign-in; with `uses_token` the secret is an access token and no password."""

    host: str
    port: int
    security: str
    username: str
    secret: str
    uses_token: bool = False

    @property
    def bearer(self) -> str:
        """What SASL XOAUTH2 wants to hear."""
        return f"user={self.username}\x01auth=Bearer {self.secret}\x01\x01"


class ServerRefused(Exception):
    """A server said no, or nothing; `is_final` where asking again is of no use."""

    def __init__(self, text: str, *, is_final: bool = False) -> None:
        super().__init__(text)
        self.is_final = is_final


def tls() -> ssl.SSLContext:
    """Certificates are checked."""
    return ssl.create_default_context()


def told(answer: object) -> str:
    """A server's answer in one readable line."""
    if isinstance(answer, bytes):
        answer = answer.decode("utf-8", "replace")
    if isinstance(answer, list | tuple):
        answer = " ".join(told(part) for part in answer)
    return " ".join(str(answer).split())[:_LONGEST]
