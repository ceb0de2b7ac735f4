"""What can be the matter at the carrier besides an outage."""

from telephony.providers.base import CarrierError


class Refused(CarrierError):
    """The carrier understood and will not do it, however often it is asked; `code` is its number for why."""

    def __init__(self, text: str, code: int = 0) -> None:
        super().__init__(text)
        self.code = code


class Gone(Exception):
    """The call, participant or room that was meant does not exist any more."""
