"""Several in one call, with real voices: who hears whom while one asks, passes on, listens, whispers, joins in."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.journeys.people import APART, LOUD, SETTLES_WITHIN, Person

CUSTOMERS, AGENTS, COLLEAGUES, SUPERVISORS = 440.0, 880.0, 1200.0, 1700.0
MUSIC = (220.0, 261.63, 329.63, 392.0, 493.88)
# A key pressed twice within a breath counts once, so the next F2 is to be a new one.
BREATH_MS = 950
# What a page plays itself, without anybody else's stream, is heard where it reaches the loudspeaker.
_LISTEN_AT_LOUDSPEAKER = """
() => {
  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (to, ...how) {
    if (to instanceof AudioDestinationNode) {
      to.ear ??= new AnalyserNode(to.context, { fftSize: 8192, smoothingTimeConstant: 0 });
      connect.call(this, to.ear);
      window.__loudspeaker = to.ear;
    }
    return connect.call(this, to, ...how);
  };
}
"""
_LOUDEST = """
() => {
  const bins = new Float32Array(window.__loudspeaker?.frequencyBinCount ?? 0);
  window.__loudspeaker?.getFloatFrequencyData(bins);
  return Math.max(-200, ...bins);
}
"""
# The longest silence, by samples of a hundredth of a second, until it is asked for.
_WATCH_GAP = """
() => {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 512 });
  const samples = new Float32Array(analyser.fftSize);
  const element = [...document.querySelectorAll("audio")].find((audio) => audio.srcObject && !audio.muted);
  let source, stream, heard = performance.now();
  window.__gap = 0;
  setInterval(() => {
    if (element.srcObject && element.srcObject !== stream) {
      source?.disconnect();
      stream = element.srcObject;
      source = context.createMediaStreamSource(stream);
      source.connect(analyser);
    }
    analyser.getFloatTimeDomainData(samples);
    if (Math.max(...samples.map(Math.abs)) > 0.01) heard = performance.now();
    window.__gap = Math.max(window.__gap, performance.now() - heard);
  }, 10);
}
"""


@dataclass
class Cast:
    customer: Person
    agent: Person
    colleague: Person
    supervisor: Person

    def everybody(self) -> list[Person]:
        return [self.customer, self.agent, self.colleague, self.supervisor]


@pytest.fixture
def cast(people: Callable[..., Person]) -> Iterator[Cast]:
    """A customer in conversation with an agent; a colleague is ready, a supervisor watches the board."""
    cast = Cast(
        people("customer1", home="/portal/call/", tone=CUSTOMERS),
        people("agent1", home="/console/", tone=AGENTS),
        people("priya.raman", home="/console/", tone=COLLEAGUES),
        people("supervisor1", home="/supervisor/", tone=SUPERVISORS),
    )
    try:
        step_away(cast.colleague)
        be_ready(cast.agent)
        cast.customer.page.evaluate(_LISTEN_AT_LOUDSPEAKER)
        cast.customer.page.click("[data-call-act=place]")
        expect(cast.agent.page.locator("#bar")).to_contain_text("Dana Whitlock", timeout=15_000)
        cast.agent.press("F2")
        talking(cast.customer)
        expect(cast.agent.page.locator("#bar")).to_have_attribute("data-look", "talking")
        be_ready(cast.colleague)
        yield cast
    finally:
        leave_nothing_open(cast)
    for person in cast.everybody():
        assert not person.errors, (person.name, person.errors)


def step_away(person: Person) -> None:
    """Let the next call ring elsewhere."""
    person.page.evaluate(
        """async () => fetch("/console/state/", {
          method: "POST",
          headers: JSON.parse(document.body.getAttribute("hx-headers:inherited")),
          body: new URLSearchParams({ chosen: "aux", aux_code: "break" }),
        })"""
    )
    expect(person.page.locator("#bar")).to_have_attribute("data-look", "away", timeout=10_000)


def be_ready(person: Person) -> None:
    """Stand ready, whatever an earlier journey or the demo left behind."""
    bar = person.page.locator("#bar")
    expect(bar).to_have_attribute("data-look", re.compile("ready|away|offline|missed"), timeout=90_000)
    person.page.wait_for_load_state("networkidle")
    if bar.get_attribute("data-look") == "ready":
        return
    person.press("F2")
    expect(bar).to_have_attribute("data-look", "ready", timeout=10_000)
    person.page.wait_for_timeout(BREATH_MS)


def leave_nothing_open(cast: Cast) -> None:
    """The customer leaves, and whoever has to write up the call does."""
    cast.customer.page.evaluate("document.querySelector('[data-call-act=leave]')?.click()")
    for person in (cast.agent, cast.colleague, cast.supervisor):
        bar = person.page.locator("#bar")
        expect(bar).to_have_attribute("data-look", re.compile("ready|away|offline|missed|wrap"), timeout=20_000)
        if bar.get_attribute("data-look") == "wrap":
            person.go("/console/")
            expect(person.page.locator("#wrap-up-form input:focus")).to_be_attached(timeout=20_000)
            person.page.keyboard.press("1")
            person.page.keyboard.press("Control+Enter")
            expect(bar).to_have_attribute("data-look", re.compile("ready|away|offline"), timeout=20_000)


def talking(customer: Person) -> None:
    expect(customer.page.locator("[data-call]")).to_have_attribute("data-call-state", "talking", timeout=15_000)


def hears_music(person: Person) -> bool:
    return max(person.levels(*MUSIC)) > LOUD


def hears_music_soon(person: Person) -> bool:
    """The music fetches its file first, and has its pauses."""
    return any(hears_music(person) for _ in range(8))


def plays_soon(person: Person) -> bool:
    """Whether the page itself plays something; it fetches the music first."""
    for _ in range(SETTLES_WITHIN):
        person.page.wait_for_timeout(500)
        if person.page.evaluate(_LOUDEST) > LOUD:
            return True
    return False


def must_hear(person: Person, *voices: float) -> None:
    """These of the four voices arrive and no other, as soon as the sound has settled.

    What is a clear distance below the loudest is a trace of it.
    """
    everybody = (CUSTOMERS, AGENTS, COLLEAGUES, SUPERVISORS)
    for _ in range(SETTLES_WITHIN):
        person.page.wait_for_timeout(500)
        levels = dict(zip(everybody, person.levels(*everybody), strict=True))
        heard = {voice for voice, level in levels.items() if level > max(LOUD, max(levels.values()) - APART)}
        if heard == set(voices):
            return
    raise AssertionError(f"{person.name} hears {levels}")


def choose_colleague(cast: Cast) -> None:
    """Open the chooser and type until the colleague stands first, by keys alone."""
    menu = cast.colleague.page.locator("#person-menu summary")
    name = str(menu.get_attribute("aria-label")).removeprefix("Signed in as ")
    cast.agent.press("Shift+F8")
    cast.agent.type(name)
    expect(cast.agent.page.locator("#transfer-list [aria-selected=true]")).to_contain_text(name)


def ask(cast: Cast) -> None:
    """The agent asks the colleague by keys alone, and the colleague answers."""
    choose_colleague(cast)
    cast.agent.press("Enter")
    expect(cast.colleague.page.locator("#bar")).to_have_attribute("data-look", "ringing", timeout=10_000)
    cast.colleague.press("F2")
    expect(cast.agent.page.locator("#bar")).to_contain_text("Hand over", timeout=10_000)


def test_colleague_is_asked_in_private_and_takes_over_without_a_gap(cast: Cast) -> None:
    cast.agent.page.locator("#note-text").fill("Scanner gateway unreachable")
    cast.agent.page.wait_for_timeout(2500)
    ask(cast)
    must_hear(cast.colleague, AGENTS)
    must_hear(cast.agent, COLLEAGUES)
    assert hears_music(cast.customer)
    assert not hears_music(cast.agent)
    assert not hears_music(cast.colleague)
    expect(cast.colleague.page.locator("#note-text")).to_have_value("Scanner gateway unreachable")
    cast.agent.press("Control+F8")
    must_hear(cast.customer, AGENTS, COLLEAGUES)
    must_hear(cast.colleague, AGENTS, CUSTOMERS)
    cast.customer.page.evaluate(_WATCH_GAP)
    cast.agent.page.get_by_role("button", name="Hand over").click()
    expect(cast.agent.page.locator("#bar")).to_have_attribute("data-look", "wrap", timeout=10_000)
    cast.customer.page.wait_for_timeout(4000)
    assert cast.customer.page.evaluate("window.__gap") < 1000
    must_hear(cast.customer, COLLEAGUES)
    must_hear(cast.colleague, CUSTOMERS)


def test_hold_music_is_heard_by_the_customer_alone(cast: Cast) -> None:
    cast.agent.press("F8")
    expect(cast.customer.page.locator("[data-call]")).to_have_attribute("data-call-state", "held")
    assert hears_music_soon(cast.customer)
    assert not hears_music(cast.agent)
    must_hear(cast.agent)


def test_parked_caller_hears_music_until_a_colleague_picks_the_call_up(cast: Cast) -> None:
    cast.agent.press("Control+F8")
    expect(cast.customer.page.locator("[data-call]")).to_contain_text("You are on hold", timeout=10_000)
    expect(cast.agent.page.locator("#bar")).to_have_attribute("data-look", "ready", timeout=10_000)
    assert plays_soon(cast.customer)
    for person in (cast.agent, cast.colleague, cast.supervisor):
        assert not hears_music(person)
        must_hear(person)
    expect(cast.supervisor.page.locator("#board-line")).to_contain_text("Parked calls")
    expect(cast.colleague.page.locator("#list")).to_contain_text("Parked by Maya Okafor")
    cast.colleague.press("Control+F8")
    expect(cast.colleague.page.locator("#bar")).to_have_attribute("data-look", "talking", timeout=15_000)
    talking(cast.customer)
    must_hear(cast.customer, COLLEAGUES)
    must_hear(cast.colleague, CUSTOMERS)
    assert cast.customer.page.evaluate(_LOUDEST) < LOUD
    for person in (cast.agent, cast.supervisor):
        must_hear(person)


def test_supervisor_listens_whispers_and_joins_in(cast: Cast) -> None:
    board, bar = cast.supervisor.page, cast.supervisor.page.locator("#bar")
    board.get_by_role("button", name="Listen to Maya Okafor").click()
    expect(bar).to_contain_text("Listening", timeout=10_000)
    expect(cast.agent.page.locator("#bar")).to_contain_text("Listening")
    must_hear(cast.supervisor, CUSTOMERS, AGENTS)
    must_hear(cast.agent, CUSTOMERS)
    must_hear(cast.customer, AGENTS)
    bar.get_by_role("button", name="Whisper").click()
    expect(bar).to_contain_text("Whispering")
    must_hear(cast.agent, CUSTOMERS, SUPERVISORS)
    must_hear(cast.customer, AGENTS)
    bar.get_by_role("button", name="Join in").click()
    expect(bar).to_contain_text("In the conversation")
    must_hear(cast.agent, CUSTOMERS, SUPERVISORS)
    must_hear(cast.customer, AGENTS, SUPERVISORS)
    bar.get_by_role("button", name="Take over").click()
    expect(cast.agent.page.locator("#bar")).to_have_attribute("data-look", "wrap", timeout=10_000)
    cast.customer.page.wait_for_timeout(3000)
    must_hear(cast.customer, SUPERVISORS)
    must_hear(cast.supervisor, CUSTOMERS)


def test_call_passed_on_at_once_brings_note_and_customer(cast: Cast) -> None:
    cast.agent.page.locator("#note-text").fill("Wants the invoice again")
    cast.agent.page.wait_for_timeout(2500)
    name = str(cast.colleague.page.locator("#person-menu summary").get_attribute("aria-label")).removeprefix(
        "Signed in as "
    )
    cast.agent.press("Shift+F8")
    cast.agent.type(name)
    expect(cast.agent.page.locator("#transfer-list [aria-selected=true]")).to_contain_text(name)
    cast.agent.press("Shift+Enter")
    expect(cast.colleague.page.locator("#bar")).to_contain_text("Dana Whitlock", timeout=10_000)
    expect(cast.agent.page.locator("#bar")).to_have_attribute("data-look", "wrap", timeout=10_000)
    expect(cast.customer.page.locator("[data-call]")).to_have_attribute("data-call-state", "waiting")
    cast.colleague.press("F2")
    talking(cast.customer)
    expect(cast.colleague.page.locator("#note-text")).to_have_value("Wants the invoice again")
    must_hear(cast.customer, COLLEAGUES)
