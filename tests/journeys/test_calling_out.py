"""An agent calls a number from the palette: ringing, talk, wrap-up, all by keys."""

from collections.abc import Callable

from playwright.sync_api import expect

from telephony.providers.simulated.callers import manners_of
from tests.journeys.people import Person
from tests.journeys.test_call_becomes_ticket import start_shift


def somebody_who_answers() -> str:
    numbers = (f"+86138001380{n}" for n in range(10, 99))
    return next(number for number in numbers if manners_of(number).ending == "answered")


def test_number_typed_into_the_palette_is_called_by_keys_alone(people: Callable[..., Person]) -> None:
    agent = people("agent1", home="/console/")
    start_shift(agent)
    agent.press("Control+k")
    agent.type(somebody_who_answers())
    expect(agent.page.locator("#option-number-1")).to_have_attribute("aria-selected", "true", timeout=15_000)
    agent.press("Enter")
    bar = agent.page.locator("#bar")
    expect(bar).to_have_attribute("data-look", "connecting", timeout=15_000)
    expect(bar).to_have_attribute("data-look", "talking", timeout=40_000)
    agent.page.keyboard.press("Shift+F2")
    expect(bar).to_have_attribute("data-look", "wrap", timeout=15_000)
    expect(agent.page.locator("#wrap-up-form")).to_be_visible(timeout=15_000)
    agent.page.keyboard.press("1")
    agent.page.keyboard.press("Control+Enter")
    expect(bar).to_have_attribute("data-look", "ready", timeout=15_000)
    assert not agent.errors
