"""Passes by which a page that once joined a call comes back to it, after a reload or a broken socket."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

LIFETIME = timedelta(hours=4)
_signer = signing.TimestampSigner(salt="telephony.leg_pass")


@dataclass(frozen=True)
class LegPass:
    """The right to sit in leg `leg_id` for as long as it lasts; `user_id` must be the one signed in, 0 for anybody."""

    leg_id: int
    user_id: int = 0

    def sign(self) -> str:
        """The pass as text for a socket's address."""
        return _signer.sign_object({"leg": self.leg_id, "user": self.user_id})

    @classmethod
    def read(cls, text: str) -> "LegPass":
        """Check signature and age. Raises django.core.signing.BadSignature."""
        data = _signer.unsign_object(text, max_age=LIFETIME)
        return cls(int(data["leg"]), int(data["user"]))
