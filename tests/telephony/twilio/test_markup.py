"""What callers hear while they wait, and that the fake carrier understands every document."""

import wave
from io import BytesIO

import pytest

from telephony.providers.twilio import twiml
from telephony.providers.twilio.music import hold_music
from telephony.providers.twilio.rooms import agent_label, leg_of_label
from tests.fake_carrier import markup

URL = "https://desk.example.com/telephony/twilio"


def test_waiting_says_the_time_in_the_language_of_the_line() -> None:
    say, play = markup.read(twiml.waiting("en", is_first=False, estimate_s=240), markup.WHILE_QUEUED)
    assert say.text == "Thank you for waiting. You will probably wait about 4 minutes."
    assert say.attributes["language"] == "en-US"
    assert play.text == f"{URL}/music/"


def test_chinese_line_speaks_chinese() -> None:
    say, _ = markup.read(twiml.waiting("zh-hans", is_first=True, estimate_s=None), markup.WHILE_QUEUED)
    assert say.attributes["language"] == "zh-CN"


def test_nobody_is_promised_a_time_that_nobody_knows() -> None:
    say, _ = markup.read(twiml.waiting("en", is_first=True, estimate_s=None), markup.WHILE_QUEUED)
    assert "minute" not in say.text


def test_music_on_hold_is_allowed_in_a_conference() -> None:
    assert [verb.name for verb in markup.read(twiml.on_hold(), markup.WHILE_HELD)] == ["Play"]


def test_room_goes_on_when_a_leg_leaves() -> None:
    for document in (twiml.caller_joins("room"), twiml.agent_joins("room", 7, "CA1")):
        conference = markup.read(document)[0].nested[0]
        assert conference.attributes["endConferenceOnExit"] == "false"
        assert conference.attributes["beep"] == "false"
        assert conference.attributes["statusCallback"] == f"{URL}/conference/"


@pytest.mark.parametrize(
    ("label", "leg_id"),
    [(agent_label(42, "CA1"), 42), ("caller", None), ("agent_", None), ("agent_x_CA1", None), ("", None)],
)
def test_label_names_the_leg(label: str, leg_id: int | None) -> None:
    assert leg_of_label(label) == leg_id


def test_music_is_a_telephone_sound() -> None:
    with wave.open(BytesIO(hold_music())) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getsampwidth()) == (1, 8000, 2)
        assert sound.getnframes() / sound.getframerate() == 16
