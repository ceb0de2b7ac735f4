"""People whom the carrier calls for the desk: it rings, they answer, are busy, or let it ring."""

from email.utils import format_datetime
from typing import TYPE_CHECKING

from tests.fake_carrier.state import FakeCall, FakeConference, Participant

if TYPE_CHECKING:
    from tests.fake_carrier.carrier import FakeCarrier


class Dialling:
    """Test methods: `answer` and `give_up` (busy, no-answer, failed, canceled)."""

    def __init__(self, carrier: "FakeCarrier") -> None:
        self.carrier = carrier

    def invite(self, room: FakeConference, fields: dict[str, str]) -> FakeCall:
        """Begin to call somebody into the room."""
        call = FakeCall(self.carrier.new_sid("CA"), fields["From"], fields["To"], status="queued")
        call.direction, call.callback = "outbound-api", fields.get("StatusCallback", "")
        self.carrier.calls[call.sid] = call
        room.invited[call.sid] = Participant(call.sid, fields["Label"])
        for status in ("initiated", "ringing"):
            self._report(call, status)
        return call

    def answer(self, call: FakeCall) -> None:
        """The called party picks up and is put into the room, if that still stands."""
        room, participant = self._invitation(call)
        if call.is_over:
            return
        self._report(call, "in-progress")
        del room.invited[call.sid]
        self.carrier.enter(room, participant)

    def give_up(self, call: FakeCall, status: str) -> None:
        """Nobody answers, for the reason `status`."""
        room, _ = self._invitation(call)
        del room.invited[call.sid]
        self._report(call, status)

    def withdraw(self, room: FakeConference) -> None:
        """The room closes: whoever still rings is called no longer."""
        for sid in list(room.invited):
            self.give_up(self.carrier.calls[sid], "canceled")

    def is_ringing(self, call: FakeCall) -> bool:
        return any(call.sid in room.invited for room in self.carrier.rooms.values())

    def _invitation(self, call: FakeCall) -> tuple[FakeConference, Participant]:
        room = next(room for room in self.carrier.rooms.values() if call.sid in room.invited)
        return room, room.invited[call.sid]

    def _report(self, call: FakeCall, status: str) -> None:
        call.status = status
        call.sequence += 1
        more = {
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.sequence),
            "Timestamp": format_datetime(self.carrier.now()),
        }
        if call.callback:
            self.carrier.post.send(call.callback, self.carrier.fields_of(call) | more)
