"""What the platform answers instead of doing what it was asked."""

from telephony.providers.base import CarrierBusy

PROVIDER = "wechat"
SYSTEM_BUSY, BAD_TOKEN, INVALID_TOKEN, TOKEN_OVER, TOO_OFTEN, OVER_QUOTA = -1, 40001, 40014, 42001, 45011, 45009
TOKEN_FAULTS = frozenset({BAD_TOKEN, INVALID_TOKEN, TOKEN_OVER})
# The message was not taken, and the same one may be taken later.
PASSING = frozenset({SYSTEM_BUSY, TOO_OFTEN, OVER_QUOTA})
OUT_OF_WINDOW = 45015


class TokenRefused(CarrierBusy):
    """The access token has ended, or another one took its place."""


class ApiFault(Exception):
    """The platform says no; `code` is its errcode."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code} {words}".strip())
        self.code = code
