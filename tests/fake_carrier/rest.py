"""The carrier's REST interface behind its own library: what the description does not name is refused."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from twilio.http import HttpClient
from twilio.http.response import Response

from tests.fake_carrier.carrier import FakeCarrier
from tests.fake_carrier.state import FakeCall, FakeConference, FakeQueue, Participant
from tests.fake_carrier.tapes import LIVE

SID = r"[0-9a-f]{32}"
METHODS = frozenset({"GET", "POST"})
DIAL_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
TAPE_EVENTS = frozenset({"in-progress", "completed", "absent"})
BOOLEANS = frozenset({"true", "false"})
Rule = Callable[[str], bool]


def one_of(*values: str) -> Rule:
    return lambda value: value in values


def is_address(value: str) -> bool:
    return bool(re.fullmatch(r"https?://[^/_\s]+(/\S*)?", value))


def is_number(value: str) -> bool:
    return bool(re.fullmatch(r"\+[1-9]\d{6,14}", value))


RULES: dict[str, dict[str, Rule]] = {
    "UpdateCall": {"Url": is_address, "Method": METHODS.__contains__, "Status": one_of("canceled", "completed")},
    "FetchCall": {},
    "ListConference": {
        "FriendlyName": bool,
        "Status": one_of("init", "in-progress", "completed"),
        "PageSize": str.isdigit,
    },
    "UpdateConference": {"Status": one_of("completed")},
    "ListParticipant": {"PageSize": str.isdigit},
    "UpdateParticipant": {
        "Hold": BOOLEANS.__contains__,
        "HoldUrl": is_address,
        "HoldMethod": METHODS.__contains__,
        "Muted": BOOLEANS.__contains__,
        "Coaching": BOOLEANS.__contains__,
        "CallSidToCoach": lambda sid: bool(re.fullmatch(f"CA{SID}", sid)),
    },
    "DeleteParticipant": {},
    "CreateParticipant": {
        "From": is_number,
        "To": is_number,
        "Label": lambda label: 0 < len(label) <= 128,
        "Timeout": lambda seconds: seconds.isdigit() and 5 <= int(seconds) <= 600,
        "EarlyMedia": BOOLEANS.__contains__,
        "Beep": one_of("true", "false", "onEnter", "onExit"),
        "EndConferenceOnExit": BOOLEANS.__contains__,
        "StatusCallback": is_address,
        "StatusCallbackMethod": METHODS.__contains__,
        "StatusCallbackEvent": lambda events: set(events.split()) <= DIAL_EVENTS,
    },
    "ListCallRecording": {"PageSize": str.isdigit},
    "CreateCallRecording": {
        "RecordingChannels": one_of("mono", "dual"),
        "RecordingStatusCallback": is_address,
        "RecordingStatusCallbackMethod": METHODS.__contains__,
        "RecordingStatusCallbackEvent": lambda events: set(events.split()) <= TAPE_EVENTS,
        "RecordingTrack": one_of("inbound", "outbound", "both"),
        "Trim": one_of("trim-silence", "do-not-trim"),
    },
    "UpdateCallRecording": {
        "Status": one_of("in-progress", "paused", "stopped"),
        "PauseBehavior": one_of("skip", "silence"),
    },
    "DeleteRecording": {},
    "ListQueue": {"PageSize": str.isdigit},
    "CreateQueue": {"FriendlyName": lambda name: 0 < len(name) <= 64, "MaxSize": str.isdigit},
    "UpdateQueue": {"FriendlyName": bool, "MaxSize": lambda size: size.isdigit() and 0 < int(size) <= 5000},
    "UpdateMember": {"Url": is_address, "Method": METHODS.__contains__},
}
RINGS = frozenset({"queued", "initiated", "ringing"})
ROUTES = [
    ("POST", rf"/Calls/(CA{SID})", "UpdateCall"),
    ("GET", rf"/Calls/(CA{SID})", "FetchCall"),
    ("GET", rf"/Calls/(CA{SID})/Recordings", "ListCallRecording"),
    ("POST", rf"/Calls/(CA{SID})/Recordings", "CreateCallRecording"),
    ("POST", rf"/Calls/(CA{SID})/Recordings/(RE{SID}|Twilio\.CURRENT)", "UpdateCallRecording"),
    ("DELETE", rf"/Recordings/(RE{SID})", "DeleteRecording"),
    ("GET", r"/Conferences", "ListConference"),
    ("POST", rf"/Conferences/(CF{SID})", "UpdateConference"),
    ("GET", rf"/Conferences/(CF{SID})/Participants", "ListParticipant"),
    ("POST", rf"/Conferences/(CF{SID})/Participants", "CreateParticipant"),
    ("POST", rf"/Conferences/(CF{SID})/Participants/(CA{SID})", "UpdateParticipant"),
    ("DELETE", rf"/Conferences/(CF{SID})/Participants/(CA{SID})", "DeleteParticipant"),
    ("GET", r"/Queues", "ListQueue"),
    ("POST", r"/Queues", "CreateQueue"),
    ("POST", rf"/Queues/(QU{SID})", "UpdateQueue"),
    ("POST", rf"/Queues/(QU{SID})/Members/(CA{SID})", "UpdateMember"),
]


class Refusal(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class FakeHttp(HttpClient):  # type: ignore[misc]  # the package has no types
    """Give it to the library as its HTTP client.

    `failures` are answers to give first, as (status, code); `refuse` holds those to give for an operation.
    """

    def __init__(self, carrier: FakeCarrier) -> None:
        self.carrier = carrier
        self.is_async = False
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.failures: list[tuple[int, int]] = []
        self.refuse: dict[str, tuple[int, int]] = {}

    def request(self, method: str, url: str, params: Any = None, data: Any = None, **more: Any) -> Response:
        fields = {key: _text(value) for key, value in {**(params or {}), **(data or {})}.items()}
        for name in ("StatusCallbackEvent", "RecordingStatusCallbackEvent"):
            if isinstance((data or {}).get(name), str):
                raise AssertionError("several events in one value: the carrier would report the first alone")
        try:
            status, body = self._answer(method, url, fields, more.get("auth"))
        except Refusal as refusal:
            status, body = refusal.status, {"code": refusal.code, "message": str(refusal), "status": refusal.status}
        return Response(status, json.dumps(body))

    def _answer(self, method: str, url: str, fields: dict[str, str], auth: Any) -> tuple[int, dict[str, Any]]:
        if self.failures:
            status, code = self.failures.pop(0)
            raise Refusal(status, code, "as the test wants it")
        if auth != (self.carrier.account_sid, self.carrier.auth_token):
            raise Refusal(401, 20003, "Authenticate")
        operation, names = self._operation(method, urlsplit(url).path)
        self.asked.append((operation, fields))
        if operation in self.refuse:
            raise Refusal(*self.refuse[operation], "as the test wants it")
        _check(RULES[operation], fields)
        body = getattr(self, f"_{operation}")(fields, *names)
        return 201 if operation.startswith("Create") else {"POST": 200, "GET": 200, "DELETE": 204}[method], body

    def _operation(self, method: str, path: str) -> tuple[str, tuple[str, ...]]:
        root = f"/2010-04-01/Accounts/{self.carrier.account_sid}"
        for verb, pattern, operation in ROUTES:
            found = re.fullmatch(f"{root}{pattern}\\.json", path)
            if verb == method and found:
                return operation, found.groups()
        raise Refusal(404, 20404, f"The requested resource {path} was not found")

    def _FetchCall(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        call = self._call(sid)
        return {"sid": call.sid, "status": call.status}

    def _UpdateCall(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        call = self._call(sid)
        if call.status != "in-progress" and not (call.status in RINGS and "Status" in fields):
            raise Refusal(400, 21220, "Call is not in-progress. Cannot redirect.")
        if "Url" in fields:
            self.carrier.redirect(call, fields["Url"])
        elif "Status" in fields:
            self.carrier.complete(call)
        return {"sid": call.sid, "status": call.status}

    def _ListConference(self, fields: dict[str, str]) -> dict[str, Any]:  # noqa: N802
        wanted = fields.get("FriendlyName"), fields.get("Status")
        rooms = [room for room in self.carrier.rooms.values() if (room.name, room.status) == wanted]
        return _page("conferences", [{"sid": room.sid, "status": room.status} for room in rooms])

    def _UpdateConference(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        room = self._room(sid)
        self.carrier.close(room)
        return {"sid": sid, "status": room.status}

    def _ListParticipant(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        room = self._room(sid)
        people = [*room.participants.values(), *room.invited.values()]
        return _page("participants", [{"call_sid": person.call_sid, "label": person.label} for person in people])

    def _CreateParticipant(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        call = self.carrier.invite(self._room(sid), fields)
        return {"call_sid": call.sid, "conference_sid": sid, "label": fields["Label"], "status": "queued"}

    def _UpdateParticipant(self, fields: dict[str, str], room_sid: str, sid: str) -> dict[str, Any]:  # noqa: N802
        room, person = self._person(room_sid, sid)
        if "Hold" in fields:
            self.carrier.hold(room, person, fields["Hold"] == "true", fields.get("HoldUrl", ""))
        if fields.get("Coaching") == "true" and fields.get("CallSidToCoach") not in room.participants:
            raise Refusal(400, 13240, "the call to coach is not in the conference")
        if "Coaching" in fields:
            person.coaches = fields.get("CallSidToCoach", "") if fields["Coaching"] == "true" else ""
        if "Muted" in fields:
            person.muted = fields["Muted"] == "true"
        return {"call_sid": sid, "hold": person.held}

    def _DeleteParticipant(self, fields: dict[str, str], room_sid: str, sid: str) -> dict[str, Any]:  # noqa: N802
        room, _ = self._person(room_sid, sid)
        self.carrier.kick(room, self._call(sid))
        return {}

    def _ListCallRecording(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        tapes = self.carrier.tapes.of(self._call(sid))
        return _page("recordings", [{"sid": tape.sid, "status": tape.status} for tape in tapes])

    def _CreateCallRecording(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        call = self._call(sid)
        if call.status != "in-progress" or any(tape.status in LIVE for tape in self.carrier.tapes.of(call)):
            raise Refusal(400, 21220, "Requested resource is not eligible for recording")
        events = fields.get("RecordingStatusCallbackEvent", "completed")
        tape = self.carrier.tapes.begin(call, fields.get("RecordingStatusCallback", ""), events)
        return {"sid": tape.sid, "call_sid": sid, "status": tape.status}

    def _UpdateCallRecording(self, fields: dict[str, str], sid: str, name: str) -> dict[str, Any]:  # noqa: N802
        live = [tape for tape in self.carrier.tapes.of(self._call(sid)) if tape.status in LIVE]
        tape = next((tape for tape in live if name in (tape.sid, "Twilio.CURRENT")), None)
        if tape is None:
            raise Refusal(404, 20404, f"there is no recording {name} under way")
        if "PauseBehavior" in fields and fields.get("Status") != "paused":
            raise Refusal(400, 20001, "PauseBehavior goes with a pause")
        self.carrier.tapes.change(tape, fields["Status"])
        return {"sid": tape.sid, "status": tape.status}

    def _DeleteRecording(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        if self.carrier.recordings.pop(sid, None) is None:
            raise Refusal(404, 20404, f"there is no recording {sid}")
        return {}

    def _ListQueue(self, fields: dict[str, str]) -> dict[str, Any]:  # noqa: N802
        return _page("queues", [_queue(queue) for queue in self.carrier.queues.values()])

    def _CreateQueue(self, fields: dict[str, str]) -> dict[str, Any]:  # noqa: N802
        queue = self.carrier.queue_named(fields["FriendlyName"])
        queue.max_size = int(fields.get("MaxSize", queue.max_size))
        return _queue(queue)

    def _UpdateQueue(self, fields: dict[str, str], sid: str) -> dict[str, Any]:  # noqa: N802
        queue = self.carrier.queues[sid]
        queue.max_size = int(fields.get("MaxSize", queue.max_size))
        return _queue(queue)

    def _UpdateMember(self, fields: dict[str, str], queue_sid: str, sid: str) -> dict[str, Any]:  # noqa: N802
        if sid not in self.carrier.queues[queue_sid].members:
            raise Refusal(404, 20404, f"{sid} does not wait in {queue_sid}")
        self.carrier.redirect(self._call(sid), fields["Url"])
        return {"call_sid": sid, "queue_sid": queue_sid}

    def _call(self, sid: str) -> FakeCall:
        if sid not in self.carrier.calls:
            raise Refusal(404, 20404, f"there is no call {sid}")
        return self.carrier.calls[sid]

    def _room(self, sid: str) -> FakeConference:
        room = self.carrier.rooms.get(sid)
        if room is None or room.status == "completed":
            raise Refusal(404, 20404, f"there is no conference {sid}")
        return room

    def _person(self, room_sid: str, sid: str) -> tuple[FakeConference, Participant]:
        room = self._room(room_sid)
        if sid not in room.participants:
            raise Refusal(404, 20404, f"{sid} is not in {room_sid}")
        return room, room.participants[sid]


def _text(value: Any) -> str:
    """What a form would carry; a key that is repeated is written as its values side by side."""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _check(rules: Mapping[str, Rule], fields: Mapping[str, str]) -> None:
    for name, value in fields.items():
        if name not in rules:
            raise Refusal(400, 20001, f"unknown parameter {name}")
        if not rules[name](value):
            raise Refusal(400, 20001, f"{name}={value} is not allowed")


def _queue(queue: FakeQueue) -> dict[str, Any]:
    return {"sid": queue.sid, "friendly_name": queue.name, "max_size": queue.max_size}


def _page(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: rows, "page": 0, "page_size": 50, "next_page_uri": None, "start": 0, "end": len(rows), "uri": ""}
