"""The carrier itself: it executes markup, moves calls about and reports what happens."""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from tests.fake_carrier import markup
from tests.fake_carrier.dialling import Dialling
from tests.fake_carrier.markup import Verb
from tests.fake_carrier.post import Plan, PostOffice, Transport
from tests.fake_carrier.state import FakeCall, FakeConference, FakeQueue, Participant, Waiting
from tests.fake_carrier.tapes import Tapes

CLOSED_BY_US = "conference_ended_via_api"


class FakeCarrier:
    """Test methods: `dial`, `connect_browser`, `hang_up`, `wait_round`, `settle`. REST comes in by `rest.FakeHttp`."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        base_url: str,
        transport: Transport,
        now: Callable[[], datetime],
        plan: Plan | None = None,
    ) -> None:
        self.account_sid, self.auth_token, self.base_url = account_sid, auth_token, base_url
        self.plan = plan or Plan()
        self.post = PostOffice(auth_token, transport, self.plan)
        self.now = now
        self.calls: dict[str, FakeCall] = {}
        self.rooms: dict[str, FakeConference] = {}
        self.queues: dict[str, FakeQueue] = {}
        self.recordings: dict[str, bytes] = {}
        self.other_region: set[str] = set()  # calls that end up in a room of the same name elsewhere
        self.dialling = Dialling(self)
        self.tapes = Tapes(self)
        self._agenda: deque[Callable[[], None]] = deque()

    # What people do.

    def dial(self, number: str, to: str = "+862151008000") -> FakeCall:
        """Somebody calls one of the desk's numbers."""
        call = self._new_call(number, to)
        self._later(call, lambda: self._fetch(call, self._address("voice"), CallStatus="ringing"))
        return call

    def connect_browser(self, identity: str, **parameters: str) -> FakeCall:
        """An agent's browser places a call to the desk's application."""
        call = self._new_call(f"client:{identity}", "")
        self._later(call, lambda: self._fetch(call, self._address("agent"), **parameters))
        return call

    def hang_up(self, call: FakeCall) -> None:
        """The party puts the receiver down."""
        if call.is_over:
            return
        waiting = self._take_from_queue(call)
        self._finish(call, "participant_hung_up")
        if waiting is not None:
            action = waiting.action
            self._agenda.append(lambda: self._ask_action(call, action, "hangup", execute=False))

    def wait_round(self, call: FakeCall) -> None:
        """The document that a waiting caller hears has ended: the next is asked for."""
        queue = self.queue_of(call)
        if queue is not None:
            self._later(call, lambda: self._fetch_wait(call, queue))

    def settle(self, *, everything: bool = False) -> None:
        """Let all happen that is under way; `everything` includes what is late."""
        while True:
            self._run()
            if self.post.deliver():
                continue
            if not (everything and self.post.pass_round()):
                return

    def press(self, call: FakeCall, keys: str) -> None:
        """Keys for the question that is being asked; an empty text lets its time pass."""
        asked, call.asked = call.asked, None
        assert asked is not None, "nothing was asked"
        queue, action = self.queue_of(call), asked.attributes["action"]
        if queue is not None:
            return self._later(call, lambda: self._ask_waiting(call, queue, action, Digits=keys))
        return self._later(call, lambda: self._fetch(call, action, Digits=keys))

    def end_dialled(self, call: FakeCall, status: str = "completed") -> None:
        """The party at the other number hangs up, or was not reached for the reason `status`."""
        asked, call.asked = call.asked, None
        assert asked is not None
        self._later(call, lambda: self._fetch(call, asked.attributes["action"], DialCallStatus=status))

    def leave_message(self, call: FakeCall, seconds: int) -> str:
        """The party speaks after the tone; its recording is ready some time later. The recording's SID."""
        asked, call.asked = call.asked, None
        assert asked is not None and asked.name == "Record", "no message was asked for"
        sid = self.new_sid("RE")
        self.recordings[sid] = b"RIFF of %d seconds" % seconds
        about = {"RecordingSid": sid, "RecordingDuration": str(seconds), "RecordingUrl": f"https://carrier/{sid}"}
        self._later(call, lambda: self._fetch(call, asked.attributes["action"], **about))
        ready = self.fields_of(call) | about | {"RecordingStatus": "completed", "RecordingChannels": "1"}
        self.post.send(asked.attributes["recordingStatusCallback"], ready)
        return sid

    # What the desk asks for by REST.

    def redirect(self, call: FakeCall, url: str) -> None:
        """Let a call go on with another document, at once."""
        waiting = self._take_from_queue(call)
        self._leave_rooms(call, "participant_updated_via_api")
        call.turn += 1
        action_wins = waiting is not None and self.plan.random.random() < 0.5
        if waiting is not None:
            action = waiting.action
            self._later(call, lambda: self._ask_action(call, action, "redirected", execute=action_wins))
        self._later(call, lambda: self._fetch(call, url, execute=not action_wins))

    def invite(self, room: FakeConference, fields: dict[str, str]) -> FakeCall:
        """Call somebody into a room."""
        return self.dialling.invite(room, fields)

    def complete(self, call: FakeCall) -> None:
        if self.dialling.is_ringing(call):
            return self.dialling.give_up(call, "canceled")
        waiting = self._take_from_queue(call)
        self._finish(call, "participant_updated_via_api")
        if waiting is not None:
            action = waiting.action
            self._agenda.append(lambda: self._ask_action(call, action, "hangup", execute=False))
        return None

    def kick(self, room: FakeConference, call: FakeCall) -> None:
        """Out of the room: the document after it goes on, which here is always empty."""
        self._finish(call, "participant_updated_via_api")

    def close(self, room: FakeConference) -> None:
        self.dialling.withdraw(room)
        for sid in list(room.participants):
            self._finish(self.calls[sid], CLOSED_BY_US)

    def hold(self, room: FakeConference, participant: Participant, held: bool, url: str) -> None:
        participant.held = held
        if held and url:
            fields = self.fields_of(self.calls[participant.call_sid])
            self._agenda.append(lambda: self._play_hold(participant, url, fields))
        self._report(room, "participant-hold" if held else "participant-unhold", participant)

    # Where things are.

    def queue_of(self, call: FakeCall) -> FakeQueue | None:
        return next((queue for queue in self.queues.values() if call.sid in queue.members), None)

    def room_of(self, call: FakeCall) -> FakeConference | None:
        return next((room for room in self.rooms.values() if call.sid in room.participants), None)

    def queue_named(self, name: str) -> FakeQueue:
        for queue in self.queues.values():
            if queue.name == name:
                return queue
        queue = FakeQueue(self.new_sid("QU"), name)
        self.queues[queue.sid] = queue
        return queue

    def new_sid(self, kind: str) -> str:
        return f"{kind}{self.plan.random.getrandbits(128):032x}"

    # Documents.

    def _fetch(self, call: FakeCall, url: str, *, execute: bool = True, **more: str) -> None:
        turn = call.turn
        document = self.post.fetch(url, self.fields_of(call) | more)
        if execute and not call.is_over and call.turn == turn:
            call.status = "in-progress"
            self._execute(call, markup.read(document))

    def _execute(self, call: FakeCall, verbs: list[Verb]) -> None:
        for verb in verbs:
            match verb.name:
                case "Say" | "Play" | "Pause":
                    call.heard.append(verb.text or verb.name)
                case "Gather" | "Record":
                    return self._ask(call, verb)
                case "Enqueue":
                    return self._enqueue(call, verb)
                case "Dial":
                    if self._dial(call, verb):
                        return None
                case "Redirect":
                    return self._later(call, lambda url=verb.text: self._fetch(call, url))  # type: ignore[misc]
                case "Hangup":
                    break
                case "Leave":
                    raise markup.BadMarkup("13340: Leave outside of a queue")
        return self._finish(call, "participant_hung_up")

    def _dial(self, call: FakeCall, verb: Verb) -> bool:
        target = verb.nested[0]
        if target.name == "Conference":
            return self._enter_room(call, target)
        call.dialled, call.asked = target.text, verb
        return True

    def _ask(self, call: FakeCall, verb: Verb) -> None:
        call.heard += [nested.text for nested in verb.nested]
        call.asked = verb

    def _enqueue(self, call: FakeCall, verb: Verb) -> None:
        queue = self.queue_named(verb.text)
        if len(queue.members) >= queue.max_size:
            return self._ask_action(call, verb.attributes["action"], "queue-full", execute=True)
        queue.members[call.sid] = Waiting(call.sid, verb.attributes["waitUrl"], verb.attributes["action"])
        self._later(call, lambda: self._fetch_wait(call, queue))
        return None

    def _fetch_wait(self, call: FakeCall, queue: FakeQueue) -> None:
        waiting = queue.members.get(call.sid)
        if waiting is None:
            return None
        more = {
            "QueueSid": queue.sid,
            "QueuePosition": str(list(queue.members).index(call.sid) + 1),
            "QueueTime": "0" if not call.heard else "30",
            "AvgQueueTime": "0",
            "CurrentQueueSize": str(len(queue.members)),
            "MaxQueueSize": str(queue.max_size),
        }
        return self._ask_waiting(call, queue, waiting.wait_url, **more)

    def _ask_waiting(self, call: FakeCall, queue: FakeQueue, url: str, **more: str) -> None:
        """Do what a document says to a call that waits."""
        document = self.post.fetch(url, self.fields_of(call) | more)
        waiting = queue.members.get(call.sid)
        if waiting is None:
            return None
        for verb in markup.read(document, markup.WHILE_QUEUED):
            match verb.name:
                case "Leave":
                    self._take_from_queue(call)
                    return self._ask_action(call, waiting.action, "leave", execute=True)
                case "Hangup":
                    return self.hang_up(call)
                case "Redirect":
                    return self._later(call, lambda url=verb.text: self._ask_waiting(call, queue, url))  # type: ignore[misc]
                case "Gather":
                    self._ask(call, verb)
                case _:
                    call.heard.append(verb.text)
        return None

    def _ask_action(self, call: FakeCall, url: str, result: str, *, execute: bool) -> None:
        self._fetch(call, url, execute=execute, QueueResult=result, QueueTime="12")

    def _play_hold(self, participant: Participant, url: str, fields: dict[str, str]) -> None:
        for verb in markup.read(self.post.fetch(url, fields), markup.WHILE_HELD):
            self.calls[participant.call_sid].heard.append(f"hold:{verb.text}")

    # Rooms.

    def _enter_room(self, call: FakeCall, verb: Verb) -> bool:
        room = self._room_named(verb, elsewhere=call.sid in self.other_region)
        label = verb.attributes.get("participantLabel", "")
        if label in {participant.label for participant in room.participants.values()}:
            return False
        coach = verb.attributes.get("coach", "")
        if coach and coach not in room.participants:
            return self.coach_without_agent()
        muted = verb.attributes.get("muted") == "true"
        self.enter(room, Participant(call.sid, label, muted=muted, coaches=coach))
        return True

    def coach_without_agent(self) -> bool:
        """Somebody is to whisper to a call that is not in the room: a fault, unless the line broke a moment ago."""
        raise markup.BadMarkup("13240: the call to coach is not in the conference")

    def enter(self, room: FakeConference, participant: Participant) -> None:
        """Somebody is in the room from now on."""
        room.participants[participant.call_sid] = participant
        if room.sequence == 0:
            self._report(room, "conference-start")
        self._report(room, "participant-join", participant)

    def _room_named(self, verb: Verb, *, elsewhere: bool) -> FakeConference:
        for room in self.rooms.values():
            if room.name == verb.text and room.status == "in-progress" and not elsewhere:
                return room
        room = FakeConference(self.new_sid("CF"), verb.text, verb.attributes.get("statusCallback", ""))
        self.rooms[room.sid] = room
        return room

    def _leave_rooms(self, call: FakeCall, reason: str) -> None:
        room = self.room_of(call)
        if room is None:
            return
        participant = room.participants.pop(call.sid)
        more = {"ReasonParticipantLeft": reason, "ParticipantCallStatus": call.status}
        self._report(room, "participant-leave", participant, **more)
        if not room.participants:
            room.status = "completed"
            why = "conference-ended-via-api" if reason == CLOSED_BY_US else "last-participant-left"
            self._report(room, "conference-end", ReasonConferenceEnded=why, CallSidEndingConference=call.sid)

    def _report(self, room: FakeConference, event: str, who: Participant | None = None, **more: str) -> None:
        room.sequence += 1
        fields = {
            "AccountSid": self.account_sid,
            "ConferenceSid": room.sid,
            "FriendlyName": room.name,
            "StatusCallbackEvent": event,
            "SequenceNumber": str(room.sequence),
            "Timestamp": format_datetime(self.now()),
            "SomethingNew": "",
            **more,
        }
        if who is not None:
            fields |= who.fields()
        if room.callback:
            self.post.send(room.callback, fields)

    # Calls.

    def _new_call(self, from_: str, to: str) -> FakeCall:
        call = FakeCall(self.new_sid("CA"), from_, to)
        self.calls[call.sid] = call
        return call

    def _finish(self, call: FakeCall, reason: str) -> None:
        if call.is_over:
            return
        call.status = "completed"
        call.turn += 1
        self.tapes.call_ended(call)
        self._leave_rooms(call, reason)
        call.sequence += 1
        more = {
            "CallDuration": "61",
            "Duration": "2",
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.sequence),
            "Timestamp": format_datetime(self.now()),
        }
        self.post.send(call.callback or self._address("status"), self.fields_of(call) | more)

    def _take_from_queue(self, call: FakeCall) -> Waiting | None:
        queue = self.queue_of(call)
        if queue is None:
            return None
        call.asked = None
        return queue.members.pop(call.sid)

    def fields_of(self, call: FakeCall) -> dict[str, str]:
        return {
            "CallSid": call.sid,
            "AccountSid": self.account_sid,
            "From": call.from_,
            "To": call.to,
            "CallStatus": call.status,
            "ApiVersion": "2010-04-01",
            "Direction": call.direction,
            "FromCity": "",
            "StirVerstat": "TN-Validation-Passed-A",
        }

    def _address(self, name: str) -> str:
        """The addresses that the desk's operator pasted at the carrier."""
        return f"{self.base_url}/telephony/twilio/{name}/"

    def _later(self, call: FakeCall, job: Callable[[], None]) -> None:
        turn = call.turn
        self._agenda.append(lambda: job() if call.turn == turn else None)

    def _run(self) -> None:
        while self._agenda:
            self._agenda.popleft()()
