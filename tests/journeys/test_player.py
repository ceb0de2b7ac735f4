"""The player by hand and by keys, on a sound that a browser has recorded: WebM that does not say how long it is."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.keyboard import walk
from tests.journeys.people import Person
from tests.journeys.running_desk import RunningDesk
from tests.journeys.soundness import faults_of, faults_when_narrow

SECONDS = 8
# The agent's tone in the first half, the customer's in the second.
_RECORD = """
async (seconds) => {
  const context = new AudioContext();
  await context.resume();
  const sides = new ChannelMergerNode(context, { numberOfInputs: 2 });
  const out = new MediaStreamAudioDestinationNode(context, { channelCount: 2 });
  sides.connect(out);
  [440, 880].forEach((frequency, side) => {
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(sides, 0, side);
    tone.start(context.currentTime + (side * seconds) / 2);
    tone.stop(context.currentTime + ((side + 1) * seconds) / 2);
  });
  const parts = [];
  const recorder = new MediaRecorder(out.stream, { mimeType: "audio/webm;codecs=opus" });
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.start(1000);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve));
  recorder.stop();
  await stopped;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
"""
_KEEP = """
from datetime import timedelta
from django.core.files.base import ContentFile
from telephony.actions.contact_record import show_recording
from telephony.models import CallLeg, Recording
leg = CallLeg.objects.filter(
    agent__username="agent1", call__state="ended", interaction__ticket__isnull=False
).order_by("-pk")[0]
end = leg.joined_at + timedelta(seconds={seconds})
recording = Recording(
    call=leg.call, leg=leg, agent=leg.agent, source="browser", state="finished", content_type="audio/webm",
    started_at=leg.joined_at, ended_at=end, heard_at=end, stored_at=end, duration_ms={seconds} * 1000,
)
recording.file.save("one.webm", ContentFile(open({path!r}, "rb").read()))
show_recording(leg.call)
print("KEPT", leg.call_id, leg.interaction.ticket.number)
"""

_ANEW = """
async () => {
  const slot = document.querySelector(".sd-te__sound");
  slot.innerHTML = await (await fetch(slot.getAttribute("hx-get"))).text();
}
"""


@dataclass(frozen=True)
class Kept:
    """Where the recorded call is shown."""

    call: str
    ticket: str


@pytest.fixture(scope="module")
def kept(desk: RunningDesk, browser: Browser) -> Kept:
    page = browser.new_page()
    page.goto(f"{desk.url}/account/login/")
    path = desk.data_dir / "one.webm"
    path.write_bytes(base64.b64decode(page.evaluate(_RECORD, SECONDS)))
    page.context.close()
    said = desk.manage("shell", "-c", _KEEP.format(seconds=SECONDS, path=str(path)))
    found = re.search(r"KEPT (\d+) (\S+)", said)
    assert found is not None, said
    return Kept(f"/calls/{found[1]}/", f"/tickets/{found[2]}/")


@pytest.fixture
def helen(people: Callable[..., Person], kept: Kept) -> Person:
    return people("supervisor1", home=kept.call)


def player_of(person: Person) -> Locator:
    return person.page.locator("[data-player]").first


def at(person: Person) -> int:
    minutes, seconds = player_of(person).locator("[data-player-now]").inner_text().split(":")
    return int(minutes) * 60 + int(seconds)


def test_recording_is_played_sought_and_stopped_by_keys_alone(helen: Person) -> None:
    player, line = player_of(helen), player_of(helen).get_by_role("slider")
    line.focus()
    helen.press("Space")
    expect(player).to_have_attribute("data-look", "playing")
    expect(player.locator("[data-player-length]")).to_have_text(re.compile(r"0:0[78]"))
    helen.press("Space")
    expect(player).to_have_attribute("data-look", "paused")
    helen.press("Home")
    helen.press("ArrowRight")
    expect(line).to_have_attribute("aria-valuenow", "5")
    helen.press("ArrowLeft")
    expect(line).to_have_attribute("aria-valuenow", "0")
    helen.press("End")
    expect(line).to_have_attribute("aria-valuenow", re.compile("[78]"))
    assert helen.errors == []


def test_click_seeks_and_playing_goes_on_from_there(helen: Person) -> None:
    player = player_of(helen)
    player.get_by_role("button", name="Play").click()
    expect(player).to_have_attribute("data-look", "playing")
    box = player.get_by_role("slider").bounding_box()
    assert box is not None
    helen.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
    expect(player.locator("[data-player-now]")).to_have_text(re.compile("0:0[4567]"))
    expect(player.get_by_role("slider")).to_be_focused()


def test_double_speed_is_twice_as_fast(helen: Person) -> None:
    player = player_of(helen)
    speed = player.get_by_role("button", name="Speed")
    for shown in ("1.25×", "1.5×", "2×"):
        speed.click()
        expect(speed).to_have_text(shown)
    player.get_by_role("button", name="Play").click()
    expect(player).to_have_attribute("data-look", "playing")
    begun = at(helen)
    helen.page.wait_for_timeout(2000)
    assert at(helen) - begun >= 3
    speed.click()
    expect(speed).to_have_text("1×")


def test_wave_is_measured_once_and_shown_to_everybody_after(helen: Person, people: Callable[..., Person]) -> None:
    player_of(helen).get_by_role("button", name="Play").click()
    expect(player_of(helen)).to_have_class(re.compile("sd-player--known"))
    helen.page.wait_for_timeout(500)
    maya = people("agent1", home=helen.page.url.removeprefix(helen.url))
    peaks = maya.page.evaluate("JSON.parse(document.querySelector('[data-player]').dataset.peaks)")
    agent, customer = peaks
    assert min(agent[20:130]) > 50 > max(agent[180:280])
    assert min(customer[180:280]) > 50 > max(customer[20:130])


def test_many_fetches_of_one_listening_stand_once_in_its_list(helen: Person) -> None:
    helen.page.reload()
    heard = helen.page.locator(".sd-call__heard li")
    expect(heard.filter(has_text="Helen Sun")).to_have_count(1)


def test_ticket_shows_the_player_where_the_call_stands(helen: Person, kept: Kept) -> None:
    helen.go(kept.ticket)
    player = player_of(helen)
    expect(player).to_be_visible()
    player.get_by_role("button", name="Play").click()
    expect(player).to_have_attribute("data-look", "playing")
    assert helen.errors == []


def test_who_listens_goes_on_listening_when_the_page_brings_the_player_anew(helen: Person, kept: Kept) -> None:
    helen.go(kept.ticket)
    player = player_of(helen)
    player.get_by_role("button", name="Play").click()
    expect(player).to_have_attribute("data-look", "playing")
    helen.page.evaluate(_ANEW)
    expect(player).to_have_attribute("data-look", "playing")
    heard = at(helen)
    helen.page.wait_for_timeout(1500)
    assert at(helen) > heard
    player.get_by_role("button", name="Play").click()
    expect(player).to_have_attribute("data-look", "paused")


def test_page_of_a_call_is_sound(people: Callable[..., Person], kept: Kept) -> None:
    page = people("admin1", home=kept.call).page
    assert not [*faults_of(page), *faults_when_narrow(page), *walk(page)]
