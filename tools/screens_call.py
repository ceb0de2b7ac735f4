"""Pictures of a call as customer and agent see it: waiting, ringing, talking, over, wrapped up."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import Person, arrive

Sizes = Mapping[str, tuple[int, int]]

# The agent of each language's world, and a customer whose call reaches that agent.
PEOPLE = {"zh": ("agent2", "customer2", "zh-CN"), "en": ("agent1", "customer1", "en-GB")}
SETTLED_MS = 900
STEP_MS = 20_000


def draw_calls(browser: Browser, url: str, out: Path, sizes: Sizes) -> None:
    """One call in each language, every step of it light and dark, wide and on the phone."""
    for language, (agents_name, customers_name, locale) in PEOPLE.items():
        with (
            at_the_desk(browser, url, agents_name, "/console/", locale) as agent,
            at_the_desk(browser, url, customers_name, "/portal/call/", locale) as customer,
        ):
            for person, step in call_steps(agent, customer):
                shoot(person.page, out, f"{step}-{language}", sizes)


@contextmanager
def at_the_desk(browser: Browser, url: str, name: str, home: str, locale: str) -> Iterator[Person]:
    person = arrive(browser, url, name, home=home, tone=440.0, locale=locale)
    yield person
    person.context.close()


def call_steps(agent: Person, customer: Person) -> Iterator[tuple[Person, str]]:
    """Go through a call, and stop wherever somebody's page has a new look."""
    bar = agent.page.locator("#bar")
    customer.page.click("[data-call-act=place]")
    expect(customer.page.locator("[data-call]")).to_have_attribute("data-call-state", "waiting")
    yield customer, "portal-call-waiting"
    agent.page.locator("[data-start-shift]").first.click()
    until_it_rings(agent)
    yield agent, "console-ringing"
    agent.press("F2")
    expect(bar).to_have_attribute("data-look", "talking", timeout=STEP_MS)
    yield agent, "console-talking"
    yield customer, "portal-call-talking"
    customer.page.click("[data-call-act=leave]")
    expect(bar).to_have_attribute("data-look", "wrap", timeout=STEP_MS)
    yield agent, "console-wrap-up"
    yield customer, "portal-call-over"


def until_it_rings(agent: Person) -> None:
    """Serve the callers of the demo who waited longer, until the one at the other browser rings."""
    bar = agent.page.locator("#bar")
    expect(bar).to_have_attribute("data-look", "ringing", timeout=STEP_MS)
    while bar.get_attribute("data-provider") != "browser":
        agent.press("F2")
        expect(bar).to_have_attribute("data-look", "talking", timeout=STEP_MS)
        agent.press("Shift+F2")
        expect(bar).to_have_attribute("data-look", "wrap", timeout=STEP_MS)
        expect(agent.page.locator("#wrap-up-form input:focus")).to_be_attached(timeout=STEP_MS)
        agent.press("1")
        agent.press("Control+Enter")
        expect(bar).to_have_attribute("data-look", "ringing", timeout=STEP_MS)


def shoot(page: Page, out: Path, name: str, sizes: Sizes) -> None:
    """The page as it stands, in every theme and size; it is not loaded again, so the call goes on."""
    for theme, (size, (width, height)) in product(("light", "dark"), sizes.items()):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(SETTLED_MS)
        page.screenshot(path=out / f"{name}-{theme}-{size}.png")
