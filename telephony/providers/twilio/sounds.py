"""Fetching sound from the carrier: bytes, which its library knows only as text."""

import requests

from telephony.providers.base import CarrierError
from telephony.providers.twilio.account import Account

HOST = "https://api.twilio.com"
TIMEOUT_S = 20
# Four hours, the carrier's longest call, in two channels of 16 bits at 8 kHz.
LARGEST = 4 * 3600 * 2 * 2 * 8_000 + 1_000


class Sounds:
    """Signs in with the account; the password is not sent on to where the carrier may redirect."""

    def __init__(self, account: Account) -> None:
        self._base = account.api_base_url or HOST
        self._auth = (account.sid, account.secrets[0])

    def fetch(self, path: str) -> bytes:
        """The bytes at a path of the carrier. Raises CarrierError."""
        try:
            answer = requests.get(f"{self._base}{path}", auth=self._auth, timeout=TIMEOUT_S)
        except requests.RequestException as error:
            raise CarrierError(f"no recording: {error}") from error
        if answer.status_code != requests.codes.ok or len(answer.content) > LARGEST:
            raise CarrierError(f"no recording: {answer.status_code}, {len(answer.content)} bytes")
        return bytes(answer.content)
