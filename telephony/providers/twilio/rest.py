"""The carrier's REST interface, as far as we need it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from telephony.providers.base import CarrierBusy, CarrierError
from telephony.providers.dialling import Dial
from telephony.providers.outside import DialParty
from telephony.providers.twilio.account import Account
from telephony.providers.twilio.faults import Gone, Refused
from telephony.providers.twilio.rooms import CALLER
from telephony.providers.twilio.silence import GuardedHttp
from telephony.providers.twilio.sounds import Sounds
from telephony.providers.twilio.twiml import PARKING_QUEUE

TIMEOUT_S = 10
NOT_IN_PROGRESS = 21220
LARGEST_QUEUE = 5000
DIAL_EVENTS = ["initiated", "ringing", "answered", "completed"]
TAPE_EVENTS = ["in-progress", "completed", "absent"]
TOO_MANY = 429


class ReroutedHttp(TwilioHttpClient):  # type: ignore[misc]  # the package has no types
    """Sends requests to a compatible carrier instead."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=TIMEOUT_S)
        self._base = urlsplit(base_url)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        parts = urlsplit(url)
        path = self._base.path.rstrip("/") + parts.path
        rerouted = urlunsplit((self._base.scheme, self._base.netloc, path, parts.query, ""))
        return super().request(method, rerouted, *args, **kwargs)


class Rest:
    """Every method raises Gone for what has ended and CarrierError for what deserves another try."""

    def __init__(
        self, account: Account, http: HttpClient | None = None, download: Callable[[str], bytes] | None = None
    ) -> None:
        if not account.takes_commands:
            raise CarrierError("the carrier's account is not configured")
        if http is None:
            plain = ReroutedHttp(account.api_base_url) if account.api_base_url else TwilioHttpClient(timeout=TIMEOUT_S)
            http = GuardedHttp(plain)
        self._client = Client(account.sid, account.secrets[0], region=account.region or None, http_client=http)
        self._download = download or Sounds(account).fetch
        self._parking_sid = ""

    @property
    def client(self) -> Client:
        """The connection itself, for what is asked outside of calls."""
        return self._client

    def take_from_queue(self, call_sid: str, url: str) -> None:
        """Fetch a waiting caller; its call goes on with the document at `url`."""
        with asking():
            self._client.queues(self._parking()).members(call_sid).update(url=url, method="POST")

    def redirect(self, call_sid: str, url: str) -> None:
        """Let a call go on with the document at `url`, whatever it is doing."""
        with asking():
            self._client.calls(call_sid).update(url=url, method="POST")

    def complete(self, call_sid: str) -> None:
        with asking():
            self._client.calls(call_sid).update(status="completed")

    def status_of(self, call_sid: str) -> str:
        with asking():
            return str(self._client.calls(call_sid).fetch().status)

    def rooms(self, name: str) -> list[str]:
        """The SIDs of the running conferences called `name`."""
        with asking():
            rooms = self._client.conferences.list(friendly_name=name, status="in-progress")
            return [room.sid for room in rooms]

    def invite(self, room_sid: str, dial: Dial | DialParty, report_to: str, *, label: str = CALLER) -> str:
        """Call somebody into a conference; the SID of the new call. Raises Refused for a number that cannot be."""
        with asking():
            person = self._client.conferences(room_sid).participants.create(
                from_=dial.caller_id,
                to=dial.number,
                label=label,
                timeout=dial.timeout_s,
                early_media=True,
                beep="false",
                end_conference_on_exit=False,
                status_callback=report_to,
                status_callback_method="POST",
                status_callback_event=DIAL_EVENTS,
            )
            return str(person.call_sid)

    def close_room(self, room_sid: str) -> None:
        with asking():
            self._client.conferences(room_sid).update(status="completed")

    def participants(self, room_sid: str) -> dict[str, str]:
        """Call SID to label of everybody in a conference."""
        with asking():
            people = self._client.conferences(room_sid).participants.list()
            return {person.call_sid: person.label or "" for person in people}

    def hold(self, room_sid: str, call_sid: str, music_url: str) -> None:
        with asking():
            participant = self._client.conferences(room_sid).participants(call_sid)
            participant.update(hold=True, hold_url=music_url, hold_method="POST")

    def resume(self, room_sid: str, call_sid: str) -> None:
        with asking():
            self._client.conferences(room_sid).participants(call_sid).update(hold=False)

    def coach(self, room_sid: str, call_sid: str, *, muted: bool, agent: str) -> None:
        """Let a participant speak to the call `agent` alone (empty: to everybody), or be unheard."""
        with asking():
            participant = self._client.conferences(room_sid).participants(call_sid)
            if agent:
                participant.update(muted=muted, coaching=True, call_sid_to_coach=agent)
            else:
                participant.update(muted=muted, coaching=False)

    def remove(self, room_sid: str, call_sid: str) -> None:
        with asking():
            self._client.conferences(room_sid).participants(call_sid).delete()

    def create_text(self, fields: dict[str, Any]) -> tuple[str, str]:
        """Send a text message; its SID and status. Raises Refused for one that cannot be."""
        with asking():
            row = self._client.messages.create(**fields)
            return str(row.sid), str(row.status)

    def texts(self, wanted: dict[str, Any]) -> list[Any]:
        """Messages in the carrier's books, the newest first."""
        with asking():
            return list(self._client.messages.list(**wanted))

    def text(self, sid: str) -> Any:
        with asking():
            return self._client.messages(sid).fetch()

    def recording(self, sid: str, *, channels: int = 1) -> bytes:
        """The sound of a recording as a WAV file."""
        path = f"/2010-04-01/Accounts/{self._client.account_sid}/Recordings/{sid}.wav"
        return self._download(path if channels == 1 else f"{path}?RequestedChannels={channels}")

    def tapes(self, call_sid: str) -> dict[str, str]:
        """SID to state of everything that was recorded of a call, the newest first."""
        with asking():
            return {row.sid: row.status for row in self._client.calls(call_sid).recordings.list()}

    def begin_tape(self, call_sid: str, report_to: str) -> str:
        """Record a call from now on, each side on a channel; the SID of the recording."""
        with asking():
            row = self._client.calls(call_sid).recordings.create(
                recording_channels="dual",
                recording_status_callback=report_to,
                recording_status_callback_method="POST",
                recording_status_callback_event=TAPE_EVENTS,
                trim="do-not-trim",
            )
            return str(row.sid)

    def change_tape(self, call_sid: str, sid: str, state: str) -> None:
        """Pause a recording (silence takes the place of what is said), go on with it, or stop it."""
        with asking():
            row = self._client.calls(call_sid).recordings(sid)
            if state == "paused":
                row.update(status=state, pause_behavior="silence")
            else:
                row.update(status=state)

    def remove_recording(self, sid: str) -> None:
        with asking():
            self._client.recordings(sid).delete()

    def _parking(self) -> str:
        """The SID of the one queue in which callers wait, made as large as the carrier allows."""
        if not self._parking_sid:
            queues = self._client.queues
            found = next((queue for queue in queues.list() if queue.friendly_name == PARKING_QUEUE), None)
            if found is None:
                found = queues.create(friendly_name=PARKING_QUEUE, max_size=LARGEST_QUEUE)
            elif found.max_size < LARGEST_QUEUE:
                found.update(max_size=LARGEST_QUEUE)
            self._parking_sid = str(found.sid)
        return self._parking_sid


@contextmanager
def asking() -> Iterator[None]:
    """What the carrier answers with an error, as the desk's own exceptions."""
    try:
        yield
    except TwilioRestException as error:
        if error.status == 404 or error.code == NOT_IN_PROGRESS:
            raise Gone(str(error.msg)) from error
        if error.status == TOO_MANY:
            raise CarrierBusy(f"{error.status} {error.code}: {error.msg}") from error
        if 400 <= error.status < 500 and error.status not in (401, 403):
            raise Refused(f"{error.status} {error.code}: {error.msg}", error.code or 0) from error
        raise CarrierError(f"{error.status} {error.code}: {error.msg}") from error
    except TwilioException as error:
        # A list of something that is gone is told apart only by the answer that comes with the error.
        status = getattr(error.args[-1] if error.args else None, "status_code", None)
        if status == 404:
            raise Gone(str(error)) from error
        if status == TOO_MANY:
            raise CarrierBusy(str(error)) from error
        raise CarrierError(str(error)) from error
    except OSError as error:
        raise CarrierError(str(error)) from error
