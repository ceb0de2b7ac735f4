"""The main job: a customer's call pops the record, is heard both ways, becomes a ticket, and every screen moves."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import Person

AGENTS_TONE, CUSTOMERS_TONE = 880.0, 440.0
NOTE = "Scanner gateway unreachable since noon, sends logs tonight"


def start_shift(agent: Person) -> None:
    """Stand ready; an agent whom an earlier journey left on shift is so already."""
    bar, start = agent.page.locator("#bar"), agent.page.locator("[data-start-shift]")
    expect(start.or_(bar.get_by_text("Ready")).first).to_be_visible()
    if start.count():
        start.first.click()
    expect(bar).to_contain_text("Ready")


def test_call_pops_the_customer_and_becomes_a_ticket(people: Callable[..., Person]) -> None:
    customer = people("customer1", home="/portal/call/", tone=CUSTOMERS_TONE)
    colleague = people("priya.raman", home="/tickets/?view=queues")
    supervisor = people("supervisor1", home="/supervisor/")
    agent = people("agent1", home="/console/", tone=AGENTS_TONE)
    start_shift(agent)
    expect(supervisor.page.locator("#board-people")).to_contain_text("Maya Okafor")

    customer.page.click("[data-call-act=place]")
    band = agent.page.locator("#bar")
    expect(band).to_contain_text("Dana Whitlock", timeout=10_000)
    expect(band).to_contain_text("Port Ellery Logistics")
    expect(agent.page.locator("#call-alert")).to_contain_text("Dana Whitlock")

    agent.press("F2")
    expect(customer.page.locator("[data-call]")).to_have_attribute("data-call-state", "talking", timeout=10_000)
    expect(agent.page.locator("textarea:focus")).to_be_visible()
    assert agent.hears_only(CUSTOMERS_TONE, not_=AGENTS_TONE)
    assert customer.hears_only(AGENTS_TONE, not_=CUSTOMERS_TONE)
    expect(supervisor.page.locator("#board-people")).to_contain_text("Talking")

    agent.type(NOTE)
    customer.page.click("[data-call-act=leave]")
    expect(agent.page.locator("#wrap-up-form input:focus")).to_be_attached(timeout=10_000)
    agent.press("3")
    agent.press("Control+Enter")
    expect(agent.page.locator("#bar")).to_contain_text("Ready", timeout=10_000)
    assert (agent.keys, agent.clicks) == (3, 0)

    expect(colleague.page.locator("#page")).to_contain_text(NOTE[:30], timeout=10_000)
    number = ticket_number(agent)
    agent.go(f"/tickets/{number}/")
    expect(agent.page.locator("#page")).to_contain_text(NOTE)
    expect(agent.page.locator("#page")).to_contain_text("First reply")
    customer.go("/portal/requests/")
    expect(customer.page.locator("main")).to_contain_text(number)
    for person in (agent, customer, colleague, supervisor):
        assert not person.errors, person.name


def ticket_number(agent: Person) -> str:
    """The number of the ticket that the note opened, from the agent's own list."""
    agent.go("/tickets/?view=queues")
    link = agent.page.locator(f"a[href^='/tickets/']:has-text('{NOTE[:30]}')").first
    found = re.search(r"/tickets/(\w+-\d+)/", str(link.get_attribute("href")))
    assert found
    return found.group(1)
