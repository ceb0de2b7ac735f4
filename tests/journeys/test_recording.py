"""The recording of a call between browsers, with real voices: what is in it, on which side, and what is not."""

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import CHROMIUM
from tests.journeys.people import CHROMIUM_FLAGS, Person, arrive
from tests.journeys.running_desk import RunningDesk, descendants
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
_NEWEST = """
import base64, json, time
from telephony.models import Recording, RecordingPart
from telephony.recordings_store import unseal_part
for _ in range(120):
    row = Recording.objects.order_by("-pk").first()
    if row.stored_at or not WAITS:
        break
    time.sleep(0.5)
sound = row.file.open("rb").read() if row.file else b""
sound += b"".join(unseal_part(bytes(p.data)) for p in RecordingPart.objects.filter(recording=row).order_by("number"))
print("SOUND" + json.dumps({
    "sound": base64.b64encode(sound).decode(), "segment": row.segment, "stored": row.stored_at is not None,
    "started": row.started_at.timestamp(),
}))
"""
_POLICY = """
from crmcore.models import Queue
from telephony.models import RecordingPolicy
for queue in Queue.objects.all():
    RecordingPolicy.objects.update_or_create(queue=queue, defaults={"mode": "MODE"})
"""


def newest(desk: RunningDesk, *, stored: bool = True) -> dict[str, Any]:
    """The newest recording, once it has been put away; else whatever of it has come."""
    told = desk.manage("shell", "-c", _NEWEST.replace("WAITS", str(stored)))
    found: dict[str, Any] = json.loads(told.split("SOUND", 1)[1])
    assert found["stored"] or not stored
    return found


def levels(person: Person, recording: dict[str, Any]) -> dict[str, Any]:
    tones = [AGENTS, CUSTOMERS, SUPERVISORS]
    heard: dict[str, Any] = person.page.evaluate(_LEVELS, [recording["sound"], tones])
    return heard


@pytest.fixture(scope="module")
def always(desk: RunningDesk) -> Iterator[None]:
    desk.manage("shell", "-c", _POLICY.replace("MODE", "always"))
    yield
    desk.manage("shell", "-c", _POLICY.replace("MODE", "off"))


def begin(agent: Person, customer: Person) -> None:
    be_ready(agent)
    customer.page.click("[data-call-act=place]")
    expect(agent.page.locator("#bar")).to_contain_text("Dana Whitlock", timeout=30_000)
    agent.press("F2")
    talking(customer)
    expect(agent.page.locator("#bar .sd-rec")).to_be_visible(timeout=10_000)


def finish(agent: Person) -> None:
    agent.press("Shift+F2")
    expect(agent.page.locator("#wrap-up-form input:focus")).to_be_attached(timeout=20_000)
    agent.page.keyboard.press("1")
    agent.page.keyboard.press("Control+Enter")
    expect(agent.page.locator("#bar")).to_have_attribute("data-look", re.compile("ready|away|offline"), timeout=20_000)


def test_agent_is_on_the_left_and_customer_on_the_right(
    desk: RunningDesk, people: Callable[..., Person], always: None
) -> None:
    customer = people("customer1", home="/portal/call/", tone=CUSTOMERS)
    agent = people("agent1", home="/console/", tone=AGENTS)
    begin(agent, customer)
    agent.page.wait_for_timeout(6000)
    finish(agent)
    heard = levels(agent, newest(desk))
    assert heard["channels"] == 2
    assert heard["duration"] > 5
    for (left_agent, left_customer, _), (right_agent, right_customer, _) in heard["seconds"][1:-1]:
        assert left_agent > LOUD and right_customer > LOUD, heard["seconds"]
        assert left_customer < SILENT and right_agent < SILENT, heard["seconds"]
    assert not agent.errors and not customer.errors


def test_neither_whispers_nor_payments_are_recorded(
    desk: RunningDesk, people: Callable[..., Person], always: None
) -> None:
    customer = people("customer1", home="/portal/call/", tone=CUSTOMERS)
    agent = people("agent1", home="/console/", tone=AGENTS)
    supervisor = people("supervisor1", home="/supervisor/", tone=SUPERVISORS)
    begin(agent, customer)
    supervisor.page.get_by_role("button", name="Listen to Maya Okafor").click()
    expect(supervisor.page.locator("#bar")).to_contain_text("Listening", timeout=10_000)
    supervisor.page.locator("#bar").get_by_role("button", name="Whisper").click()
    expect(supervisor.page.locator("#bar")).to_contain_text("Whispering", timeout=30_000)
    agent.page.wait_for_timeout(2500)
    assert agent.hears(SUPERVISORS) > LOUD
    agent.press("Control+F9")
    expect(agent.page.locator("#bar .sd-rec--paused")).to_be_visible(timeout=30_000)
    agent.page.wait_for_timeout(4000)
    agent.press("Control+F9")
    expect(agent.page.locator("#bar .sd-rec--paused")).to_have_count(0, timeout=30_000)
    agent.page.wait_for_timeout(2500)
    finish(agent)
    seconds = levels(agent, newest(desk))["seconds"]
    assert all(whisper < SILENT for second in seconds for _, _, whisper in second), seconds
    silent = [max(level for side in second for level in side) < SILENT for second in seconds]
    assert 3 <= sum(silent) <= 5 and not silent[0] and not silent[-2], seconds


def test_reloaded_page_records_a_second_segment(desk: RunningDesk, people: Callable[..., Person], always: None) -> None:
    customer = people("customer1", home="/portal/call/", tone=CUSTOMERS)
    agent = people("agent1", home="/console/", tone=AGENTS)
    begin(agent, customer)
    agent.page.wait_for_timeout(2500)
    agent.page.on("dialog", lambda dialog: dialog.accept())
    agent.page.reload()
    agent.page.mouse.click(700, 400)
    expect(agent.page.locator("#bar .sd-rec")).to_be_visible(timeout=10_000)
    agent.page.wait_for_timeout(5000)
    finish(agent)
    recording = newest(desk)
    assert recording["segment"] == 2
    left, right = levels(agent, recording)["seconds"][-2]
    assert left[0] > LOUD and right[1] > LOUD


def test_browser_killed_in_mid_call_loses_at_most_five_seconds(
    desk: RunningDesk, browser: Browser, people: Callable[..., Person], always: None
) -> None:
    customer = people("customer1", home="/portal/call/", tone=CUSTOMERS)
    before = set(descendants(os.getpid()))
    doomed = browser.browser_type.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
    agent = arrive(doomed, desk.url, "agent1", home="/console/", tone=AGENTS)
    begin(agent, customer)
    agent.page.wait_for_timeout(9300)
    killed_at = time.time()
    for process in set(descendants(os.getpid())) - before:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    customer.page.wait_for_timeout(1000)
    recording = newest(desk, stored=False)
    survived = levels(customer, recording)["duration"]
    said = killed_at - recording["started"]
    assert said > 8
    assert said - survived < 5, (said, survived)
    customer.page.evaluate("document.querySelector('[data-call-act=leave]')?.click()")
