"""Processes die in the middle of a call: nothing is lost, and the screens heal by themselves."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.people import LOUD, Person
from tests.journeys.running_desk import RunningDesk
from tests.journeys.test_call_becomes_ticket import start_shift

HEALS_WITHIN_MS = 10_000
AGENTS_TONE, CUSTOMERS_TONE = 880.0, 440.0


@pytest.fixture
def talking(people: Callable[..., Person]) -> tuple[Person, Person]:
    customer = people("customer1", home="/portal/call/", tone=CUSTOMERS_TONE)
    agent = people("agent1", home="/console/", tone=AGENTS_TONE)
    start_shift(agent)
    customer.page.click("[data-call-act=place]")
    expect(agent.page.locator("#bar")).to_contain_text("Dana Whitlock", timeout=10_000)
    agent.press("F2")
    expect(customer.page.locator("[data-call]")).to_have_attribute("data-call-state", "talking", timeout=10_000)
    agent.type("Kept through everything")
    return agent, customer


@pytest.mark.parametrize("victim", ["valkey-server", r"celery.* worker", "daphne"])
def test_kill_in_the_middle_of_a_call_loses_nothing(
    desk: RunningDesk, talking: tuple[Person, Person], victim: str
) -> None:
    agent, customer = talking
    assert desk.kill(victim)
    assert agent.hears(CUSTOMERS_TONE) > LOUD
    wait_until_ready(desk, agent)
    customer.page.click("[data-call-act=leave]")
    expect(agent.page.locator("#bar")).to_contain_text("Wrap-up", timeout=HEALS_WITHIN_MS)
    expect(agent.page.locator("#wrap-up-form input:focus")).to_be_attached(timeout=HEALS_WITHIN_MS)
    expect(agent.page.locator("textarea").filter(visible=True).first).to_have_value("Kept through everything")
    agent.press("9")
    agent.press("Control+Enter")
    expect(agent.page.locator("#bar")).to_contain_text("Ready", timeout=HEALS_WITHIN_MS)


def wait_until_ready(desk: RunningDesk, agent: Person) -> None:
    """The supervisor of the desk starts what died; pages and sockets answer again."""
    for _ in range(100):
        if desk.answers("/healthz/ready"):
            break
        agent.page.wait_for_timeout(200)
    expect(agent.page.locator("html[data-stale]")).to_have_count(0, timeout=HEALS_WITHIN_MS)
    agent.page.wait_for_timeout(3_000)
