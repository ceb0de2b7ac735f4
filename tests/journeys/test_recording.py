"""The recording of a call between browsers, with real voices: what is in it, on which side, and what is not."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Person
from tests.journeys.running_desk import RunningDesk
from tests.journeys.test_in_call import AGENTS, CUSTOMERS, SUPERVISORS, be_ready, talking

LOUD, SILENT = -45.0, -70.0
# Levels (dB) of tones in each second of both channels of a sound file, decoded by the browser itself.
_LEVELS = """
async ([sound, tones]) => {
  const bytes = Uint8Array.from(atob(sound), (letter) => letter.charCodeAt(0));
  const context = new OfflineAudioContext(2, 48000, 48000);
  const buffer = await context.decodeAudioData(bytes.buffer);
  const level = (samples, tone) => {
    let re = 0, im = 0;
    samples.forEach((sample, index) => {
      const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / samples.length);
      re += sample * hann * Math.cos((2 * Math.PI * tone * index) / 48000);
      im += sample * hann * Math.sin((2 * Math.PI * tone * index) / 48000);
    });
    return 20 * Math.log10((4 * Math.hypot(re, im)) / samples.length + 1e-10);
  };
  const seconds = [];
  for (let at = 0; at + 48000 <= buffer.length; at += 48000) {
    const second = (side) => buffer.getChannelData(side).slice(at, at + 48000);
    seconds.push([0, 1].map((side) => tones.map((tone) => level(second(side), tone))));
  }
  return { duration: buffer.duration, channels: buffer.numberOfChannels, seconds };
}
"""
_SETTLE = """
from telephony.models import Recording, RecordingPart
import base64, json
row = Recording.objects.order_by("-pk").first()
kept = row.file.open("rb").read() if row.file else b""
sound = kept + b"".join(bytes(p.data) for p in RecordingPart.objects.filter(recording=row).order_by("number"))
print("SOUND" + json.dumps({
    "sound": base64.b64encode(sound).decode(), "state": row.state, "segment": row.segment, "ms": row.duration_ms,
    "stored": row.stored_at is not None,
}))
"""
_POLICY = """
from crmcore.models import Queue
from telephony.models import RecordingPolicy
for queue in Queue.objects.all():
    RecordingPolicy.objects.update_or_create(queue=queue, defaults={"mode": "MODE"})
"""


def newest(desk: RunningDesk) -> dict[str, Any]:
    """The newest recording as the desk has it."""
    told = desk.manage("shell", "-c", _SETTLE)
    found: dict[str, Any] = json.loads(told.split("SOUND", 1)[1])
    return found


def levels(person: Person, recording: dict[str, Any]) -> dict[str, Any]:
    tones = [AGENTS, CUSTOMERS, SUPERVISORS]
    heard: dict[str, Any] = person.page.evaluate(_LEVELS, [recording["sound"], tones])
    return heard


def stored(desk: RunningDesk, person: Person) -> dict[str, Any]:
    """The newest recording once it has been put away."""
    for _ in range(60):
        found = newest(desk)
        if found["stored"]:
            return found
        person.page.wait_for_timeout(500)
    raise AssertionError("the recording was not put away")


@pytest.fixture
def always(desk: RunningDesk) -> Iterator[None]:
    desk.manage("shell", "-c", _POLICY.replace("MODE", "always"))
    yield
    desk.manage("shell", "-c", _POLICY.replace("MODE", "off"))


def begin(agent: Person, customer: Person) -> None:
    be_ready(agent)
    customer.page.click("[data-call-act=place]")
    expect(agent.page.locator("#bar")).to_contain_text("Dana Whitlock", timeout=15_000)
    agent.press("F2")
    talking(customer)
    expect(agent.page.locator("#bar .sd-rec")).to_be_visible(timeout=10_000)


def finish(agent: Person) -> None:
    agent.press("Shift+F2")
    expect(agent.page.locator("#wrap-up-form input:focus")).to_be_attached(timeout=20_000)
    agent.page.keyboard.press("1")
    agent.page.keyboard.press("Control+Enter")


def test_agent_is_on_the_left_and_customer_on_the_right(
    desk: RunningDesk, people: Callable[..., Person], always: None
) -> None:
    customer = people("customer1", home="/portal/call/", tone=CUSTOMERS)
    agent = people("agent1", home="/console/", tone=AGENTS)
    begin(agent, customer)
    agent.page.wait_for_timeout(6000)
    finish(agent)
    heard = levels(agent, stored(desk, agent))
    assert heard["channels"] == 2
    assert heard["duration"] > 5
    for (left_agent, left_customer, _), (right_agent, right_customer, _) in heard["seconds"][1:-1]:
        assert left_agent > LOUD and right_customer > LOUD, heard["seconds"]
        assert left_customer < SILENT and right_agent < SILENT, heard["seconds"]
    assert not agent.errors and not customer.errors
