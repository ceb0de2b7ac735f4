"""What we tell the carrier to do with a call, in its markup."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext, ngettext
from twilio.twiml.voice_response import Gather, VoiceResponse

from telephony.flows.speech import Question
from telephony.providers.twilio.account import address
from telephony.providers.twilio.rooms import CALLER, agent_label


@dataclass(frozen=True)
class Spoken:
    """Something to say: a text in a language, or a recording at an address."""

    language: str
    text: str
    recording_url: str = ""


PARKING_QUEUE = "servicedesk"
CONFERENCE_EVENTS = "start end join leave hold"
VOICES = {"zh-hans": "zh-CN"}
USUAL_VOICE = "en-US"
PUT_THROUGH_RINGS_S = 40


def park() -> str:
    """Let the caller wait; in which of our queues is our own affair."""
    response = VoiceResponse()
    response.enqueue(PARKING_QUEUE, wait_url=address("wait"), action=address("enqueue-action"))
    return str(response)


def waiting(language: str, *, is_first: bool, estimate_s: int | None, calls_back: bool = False) -> str:
    """One round of waiting: a word, then music. `estimate_s` is in seconds, None when nobody can tell.

    `calls_back`: the caller may press a key, hang up, and keep the place.
    """
    response = VoiceResponse()
    into = _callback_key(response) if calls_back else response
    with translation.override(language):
        into.say(_waiting_text(is_first, estimate_s), language=VOICES.get(language, USUAL_VOICE))
        if calls_back:
            offer = gettext("To be called back and keep your place, press 1.")
            into.say(offer, language=VOICES.get(language, USUAL_VOICE))
    into.play(address("music"), loop=2)
    return str(response)


def _callback_key(response: VoiceResponse) -> Gather:
    gather = Gather(action=address("call-back"), input="dtmf", num_digits=1, timeout=1)
    response.append(gather)
    return gather


def callback_promised(language: str) -> str:
    """The caller has asked to be called back and may hang up."""
    response = VoiceResponse()
    with translation.override(language):
        text = gettext("Thank you. We call you back on this number, and you keep your place. Goodbye.")
        response.say(text, language=VOICES.get(language, USUAL_VOICE))
    response.hangup()
    return str(response)


def recording_notice(text: str, language: str, *, is_asked: bool) -> str:
    """Tell a waiting caller that calls are recorded; `is_asked`: and let the caller agree or refuse by a key."""
    response = VoiceResponse()
    into: VoiceResponse | Gather = response
    if is_asked:
        into = Gather(
            action=address("notice"),
            input="dtmf",
            num_digits=1,
            timeout=5,
            finish_on_key="",
            action_on_empty_result=True,
        )
        response.append(into)
    voice = VOICES.get(language, USUAL_VOICE)
    into.say(text, language=voice)
    if is_asked:
        with translation.override(language):
            into.say(gettext("Press 1 if you agree, or 2 if you do not want to be recorded."), language=voice)
    else:
        response.redirect(address("notice"), method="POST")
    return str(response)


def keep_waiting() -> str:
    """Another round of waiting at once."""
    response = VoiceResponse()
    response.redirect(address("wait"), method="POST")
    return str(response)


def _waiting_text(is_first: bool, estimate_s: int | None) -> str:
    greeting = gettext("Thank you for calling.") if is_first else gettext("Thank you for waiting.")
    if not estimate_s:
        return f"{greeting} {gettext('The next free agent is yours.')}"
    minutes = round(estimate_s / 60) or 1
    wait = ngettext(
        "You will probably wait about one minute.", "You will probably wait about %(count)d minutes.", minutes
    )
    return f"{greeting} {wait % {'count': minutes}}"


def menu(spoken: Sequence[Spoken], asked: Question | None, *, turn: int, number: str = "") -> str:
    """One turn of a call flow: what is said, and then a question, a call elsewhere (`number`), or the end."""
    response = VoiceResponse()
    if asked is not None:
        _say(_gather(response, asked, turn), spoken)
        return str(response)
    _say(response, spoken)
    if number:
        response.dial(action=address("dialled")).number(number)
    else:
        response.hangup()
    return str(response)


def after_call(text: str, language: str, *, turn: int) -> str:
    """Ask the caller whose agent has hung up; without a key the action is asked all the same."""
    response = VoiceResponse()
    gather = Gather(
        action=f"{address('after-call')}?turn={turn}",
        input="dtmf",
        num_digits=1,
        timeout=6,
        finish_on_key="",
        action_on_empty_result=True,
    )
    response.append(gather)
    gather.say(text, language=VOICES.get(language, USUAL_VOICE))
    return str(response)


def put_through(number: str, caller_id: str) -> str:
    """Call an outside number for a caller in line; how that went is told to the action, which says what comes next."""
    response = VoiceResponse()
    more = {"caller_id": caller_id} if caller_id else {}
    response.dial(action=address("put-through"), timeout=PUT_THROUGH_RINGS_S, **more).number(number)
    return str(response)


def message(spoken: Sequence[Spoken], *, longest_s: int) -> str:
    """Ask for a message; whoever says nothing is let go."""
    response = VoiceResponse()
    _say(response, spoken)
    response.record(
        action=address("message"),
        max_length=longest_s,
        timeout=5,
        finish_on_key="#",
        play_beep=True,
        recording_status_callback=address("recorded"),
    )
    response.hangup()
    return str(response)


def thank(language: str) -> str:
    """The message has been left."""
    response = VoiceResponse()
    with translation.override(language):
        text = gettext("Thank you. We will get back to you. Goodbye.")
    response.say(text, language=VOICES.get(language, USUAL_VOICE))
    response.hangup()
    return str(response)


def _gather(response: VoiceResponse, asked: Question, turn: int) -> Gather:
    gather = Gather(
        action=f"{address('menu')}?turn={turn}",
        input="dtmf",
        num_digits=asked.longest,
        timeout=asked.timeout_s,
        # A menu may use the key that otherwise ends a number.
        finish_on_key="#" if asked.is_number else "",
        action_on_empty_result=True,
    )
    response.append(gather)
    return gather


def _say(into: VoiceResponse | Gather, spoken: Sequence[Spoken]) -> None:
    for piece in spoken:
        if piece.recording_url:
            into.play(piece.recording_url)
        else:
            into.say(piece.text, language=VOICES.get(piece.language, USUAL_VOICE))


def on_hold() -> str:
    """Music for a caller on hold."""
    response = VoiceResponse()
    response.play(address("music"), loop=0)
    return str(response)


def parked() -> str:
    """Music for a caller in the queue to whom nothing is promised; asked for again when it ends."""
    response = VoiceResponse()
    response.play(address("music"), loop=2)
    return str(response)


def leave_queue() -> str:
    """Send a waiting caller to the queue's action, which knows where to go."""
    response = VoiceResponse()
    response.leave()
    return str(response)


def hang_up() -> str:
    response = VoiceResponse()
    response.hangup()
    return str(response)


def apologise(language: str) -> str:
    """The carrier could not let the caller wait."""
    response = VoiceResponse()
    with translation.override(language):
        text = gettext("We are sorry: your call cannot be taken at the moment. Please call again later.")
        response.say(text, language=VOICES.get(language, USUAL_VOICE))
    response.hangup()
    return str(response)


def farewell(text: str, language: str) -> str:
    """Say why the call ends, and end it."""
    response = VoiceResponse()
    response.say(text, language=VOICES.get(language, USUAL_VOICE))
    response.hangup()
    return str(response)


def caller_joins(room: str, notice: Spoken | None = None) -> str:
    """Bring the caller to the agent in `room`; `notice` is said before, where there was no time for it."""
    response = VoiceResponse()
    if notice is not None:
        response.say(notice.text, language=VOICES.get(notice.language, USUAL_VOICE))
    return _conference(room, CALLER, response)


def agent_joins(room: str, leg_id: int, call_sid: str, **supervision: str | bool) -> str:
    """Bring an agent into `room`. The first participant's settings count, so the agent comes first.

    A supervisor comes `muted`, or to `coach` one call of the room.
    """
    return _conference(room, agent_label(leg_id, call_sid), VoiceResponse(), **supervision)


def _conference(room: str, label: str, response: VoiceResponse, **more: str | bool) -> str:
    # A leg may leave without ending the room: whether the call goes on is decided here, not at the carrier.
    response.dial().conference(
        room,
        participant_label=label,
        beep="false",
        start_conference_on_enter=True,
        end_conference_on_exit=False,
        wait_url="",
        status_callback=address("conference"),
        status_callback_event=CONFERENCE_EVENTS,
        **more,
    )
    return str(response)


def test_call(language: str) -> str:
    """What whoever takes a test call hears."""
    response = VoiceResponse()
    with translation.override(language):
        text = gettext("This is a test call of your service desk. Its telephone line works.")
        response.say(text, language=VOICES.get(language, USUAL_VOICE))
    response.hangup()
    return str(response)
