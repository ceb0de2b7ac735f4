"""People at their browsers: sign in, count what hands do, hear what a call carries, note every console error."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState

PASSWORD = "demo-desk"
# Signing in takes a second of hashing: once for each person and desk is enough.
_PASSES: dict[tuple[str, str | None], StorageState] = {}
# Levels in dB; listening once takes 0.4 s.
LOUD, APART = -60.0, 25.0
SETTLES_WITHIN = 8
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
]
# The page's microphone becomes a steady tone; clicks and keys are counted where the hands act.
_VOICE = """
(frequency) => {
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    await context.resume();
    const tone = new OscillatorNode(context, { frequency });
    const out = context.createMediaStreamDestination();
    tone.connect(new GainNode(context, { gain: 0.4 })).connect(out);
    tone.start();
    return out.stream;
  };
}
"""
_HEARD = """
async (frequencies) => {
  const element = [...document.querySelectorAll("audio")].find((audio) => audio.srcObject && !audio.muted);
  if (!element) return frequencies.map(() => -200);
  const context = (window.__ear ??= new AudioContext());
  await context.resume();
  const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
  context.createMediaStreamSource(element.srcObject).connect(analyser);
  await new Promise((resolve) => setTimeout(resolve, 400));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  return frequencies.map((frequency) => {
    const bin = Math.round((frequency * analyser.fftSize) / context.sampleRate);
    return Math.max(...bins.slice(bin - 2, bin + 3));
  });
}
"""


@dataclass
class Person:
    """One person in one browser context."""

    name: str
    context: BrowserContext
    page: Page
    url: str
    errors: list[str] = field(default_factory=list)
    keys: int = 0
    clicks: int = 0

    def press(self, key: str) -> None:
        """Press a key that counts against the interaction budget."""
        self.keys += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type words; they are the message itself and do not count."""
        self.page.keyboard.type(text)

    def click(self, selector: str) -> None:
        """Click what counts against the interaction budget."""
        self.clicks += 1
        self.page.click(selector)

    def hears(self, frequency: float) -> float:
        """How loud (dB) a tone arrives at this person's ear."""
        return self.levels(frequency)[0]

    def levels(self, *frequencies: float) -> list[float]:
        """How loud (dB) tones arrive at the same moment."""
        heard: list[float] = self.page.evaluate(_HEARD, frequencies)
        return heard

    def hears_only(self, voice: float, *, not_: float) -> bool:
        """Whether one tone arrives and the other does not, as soon as the sound has settled.

        A codec adds overtones: what is a clear distance below the voice is not there.
        """
        for _ in range(SETTLES_WITHIN):
            there, other = self.levels(voice, not_)
            if there > LOUD and other < there - APART:
                return True
        return False

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)


def arrive(
    browser: Browser, url: str, name: str | None, *, home: str, tone: float | None = None, **options: Any
) -> Person:
    """Open `home` as `name`, or as a stranger; `tone` (Hz) replaces the microphone. Who came before is still known."""
    options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | options
    context = browser.new_context(storage_state=_PASSES.get((url, name)), **options)
    if tone is not None:
        context.add_init_script(f"({_VOICE})({tone})")
    page = context.new_page()
    person = Person(name or "stranger", context, page, url)
    page.on("console", lambda message: _note(person, message))
    page.on("pageerror", lambda error: person.errors.append(str(error)))
    if name and (url, name) not in _PASSES:
        _sign_in(person)
        _PASSES[url, name] = context.storage_state()
    person.go(home)
    return person


def _sign_in(person: Person) -> None:
    person.go("/account/login/")
    person.page.fill("input[name=login]", person.name)
    person.page.fill("input[name=password]", PASSWORD)
    person.page.click("button[type=submit]")
    person.page.wait_for_url(lambda address: "/account/login/" not in address)


def _note(person: Person, message: ConsoleMessage) -> None:
    if message.type == "error":
        person.errors.append(f"{message.text} ({message.location.get('url')})")
