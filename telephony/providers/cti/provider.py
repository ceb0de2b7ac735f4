"""Any exchange that can call a web address: it distributes and carries the calls, we watch and show."""

from collections.abc import Sequence
from typing import ClassVar

from telephony.providers.base import CallRef, Capabilities, Command, Signal


class CtiProvider:
    """Events only: nothing can be asked of the exchange, so the console hides what it cannot do."""

    code: ClassVar[str] = "cti"
    capabilities: ClassVar[Capabilities] = Capabilities(distributes=False, media="desk_phone")

    def send(self, command: Command) -> Sequence[Signal]:
        return ()

    def is_live(self, call: CallRef) -> bool | None:
        return None

    def dials(self) -> bool:
        return False
