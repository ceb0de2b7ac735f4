"""Carriers that can say who sits in a call's room."""

from collections.abc import Collection
from typing import Protocol, runtime_checkable

from telephony.providers.base import CallRef


@runtime_checkable
class KeepsAttendance(Protocol):
    """A provider may be one of these besides."""

    def legs_in_room(self, call: CallRef) -> Collection[int]:
        """Ids of the desk's own legs that are in the call's room now. Raises CarrierError."""
        ...
