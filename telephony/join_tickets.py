"""Join tickets: signed, short-lived passes by which one browser joins one leg of one call."""

from dataclasses import dataclass

from django.core import signing

LIFETIME_S = 60
_signer = signing.TimestampSigner(salt="telephony.join_ticket")


class TicketRefused(Exception):
    """The pass is forged, too old, or was used by somebody else."""


@dataclass(frozen=True)
class JoinTicket:
    """A pass to leg `leg_id`; `nonce` is its one-time part."""

    leg_id: int
    nonce: str

    def sign(self) -> str:
        """The pass as text for a URL or a socket."""
        return _signer.sign_object({"leg": self.leg_id, "nonce": self.nonce})

    @classmethod
    def read(cls, text: str) -> "JoinTicket":
        """Check signature and age. Raises TicketRefused."""
        try:
            data = _signer.unsign_object(text, max_age=LIFETIME_S)
            return cls(int(data["leg"]), str(data["nonce"]))
        except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
            raise TicketRefused("the join ticket is not valid") from error
