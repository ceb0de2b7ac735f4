"""How the platform comes to our door: signed, in safe mode sealed, and again when it heard no answer in time."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from telephony.providers.wechat.envelope import seal

TRIES = 3
# The status and text of the answer to a GET (no body) or POST of this query.
Door = Callable[[str, bytes | None], tuple[int, str]]


def mark(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  the platform's choice


def xml(**fields: str) -> str:
    inner = "".join(f"<{name}><![CDATA[{text}]]></{name}>" for name, text in fields.items() if "]]>" not in text)
    inner += "".join(f"<{name}>{escape(text)}</{name}>" for name, text in fields.items() if "]]>" in text)
    return f"<xml>{inner}</xml>"


@dataclass
class Post:
    """`deaf_to`: so many answers are not heard in time, which is followed by the same message once more.

    `holds`: nothing is brought until `bring`, in whatever order it is told.
    """

    app_id: str
    token: str
    key: str
    is_safe: bool
    door: Door
    now: Callable[[], float]
    deaf_to: int = 0
    holds: bool = False
    waiting: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def query(self, *, at: float | None = None, **more: str) -> dict[str, str]:
        stamp, nonce = str(int(self.now() if at is None else at)), secrets.token_hex(5)
        return {"signature": mark(self.token, stamp, nonce), "timestamp": stamp, "nonce": nonce, **more}

    def shake_hands(self, **more: str) -> tuple[int, str]:
        """What the platform does when the address is entered there."""
        return self.door(urlencode(self.query(echostr="7251086420031", **more)), None)

    def send(self, letter: str) -> None:
        if self.holds:
            self.waiting.append(letter)
        else:
            self.deliver(letter)

    def bring(self, order: list[int] | None = None) -> None:
        """Deliver what was held; a place named twice is delivered twice."""
        letters, self.waiting = self.waiting, []
        for place in order if order is not None else range(len(letters)):
            self.deliver(letters[place])

    def deliver(self, letter: str) -> None:
        """The same message up to three times, each time signed anew."""
        for _ in range(TRIES):
            status, answer = self.door(*self.wrapped(letter))
            self.statuses.append(status)
            is_heard = status == 200 and answer in ("", "success")
            if self.deaf_to:
                self.deaf_to -= 1
            elif is_heard:
                return

    def wrapped(self, letter: str) -> tuple[str, bytes]:
        """Query and body as they travel."""
        if not self.is_safe:
            return urlencode(self.query(openid="x")), letter.encode()
        sealed = seal(letter.encode(), encoding_key=self.key, app_id=self.app_id)
        query = self.query(encrypt_type="aes")
        query["msg_signature"] = mark(self.token, query["timestamp"], query["nonce"], sealed)
        return urlencode(query), xml(ToUserName="gh_0123456789ab", Encrypt=sealed).encode()
