"""The portal at its customers: a request from its form to the answer, one of a stranger, and another address."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.people import Person
from tests.journeys.running_desk import RunningDesk

COMES_WITHIN_S = 30
_CODE = re.compile(r"Your code is (\d{6})")


def codes_in(desk: RunningDesk) -> list[str]:
    """The codes that the desk mailed so far: its mail lies in its log."""
    return _CODE.findall(desk.log.read_text())


def new_code(desk: RunningDesk, before: list[str]) -> str:
    """The code that comes after those."""
    until = time.monotonic() + COMES_WITHIN_S
    while len(found := codes_in(desk)) <= len(before):
        assert time.monotonic() < until, "no code was mailed"
        time.sleep(0.2)
    return found[-1]


def answer_on_ticket(agent: Person, number: str, words: str) -> None:
    page = agent.page
    agent.go(f"/tickets/{number}/")
    page.locator("label[for^=mode-reply]").click()
    page.fill("[id^=ticket-composer] textarea", words)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[id^=ticket-thread]")).to_contain_text(words)


def number_on(page: Page) -> str:
    found = re.search(r"/(?:requests|track)/([A-Z]+-\d+)/", page.url)
    assert found is not None, page.url
    return found[1]


def test_a_request_goes_from_its_form_to_the_answer(people: Callable[..., Person]) -> None:
    customer = people("customer1", home="/portal/requests/new/", viewport={"width": 360, "height": 800})
    page = customer.page
    page.fill("#id_text", "The badge reader at the side door blinks red since noon.")
    page.get_by_role("button", name="Send request").click()
    page.wait_for_url(re.compile(r"/portal/requests/[A-Z]+-\d+/"))
    agent = people("agent1", home="/tickets/")
    answer_on_ticket(agent, number_on(page), "We have restarted the reader. Does it work now?")
    # Nobody reloads the page: the answer comes by itself.
    expect(page.locator("#content")).to_contain_text("We have restarted the reader", timeout=COMES_WITHIN_S * 1000)
    page.fill("#reply textarea", "Yes, it is green again.")
    page.locator("#reply button[type=submit]").click()
    expect(page.locator("#content")).to_contain_text("Yes, it is green again.")
    expect(agent.page.locator("[id^=ticket-thread]")).to_contain_text(
        "Yes, it is green again.", timeout=COMES_WITHIN_S * 1000
    )
    assert customer.errors == []


def test_a_stranger_asks_and_follows_the_request_by_a_code(people: Callable[..., Person], desk: RunningDesk) -> None:
    stranger = people(None, home="/portal/write/", viewport={"width": 360, "height": 800})
    page = stranger.page
    page.fill("[name=text]", "Do you sell the wall mount on its own?")
    page.fill("[name=name]", "Ines Costa")
    page.fill("[name=email]", "ines.costa@hotels.test")
    page.get_by_role("button", name="Send request").click()
    page.wait_for_url("**/portal/track/**")
    number = page.locator("[name=number]").input_value()
    before = codes_in(desk)
    page.fill("[name=address]", "ines.costa@hotels.test")
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/portal/track/code/")
    page.fill("[name=code]", new_code(desk, before))
    page.get_by_role("button", name="Open the request").click()
    page.wait_for_url(f"**/portal/track/{number}/")
    expect(page.locator("#content")).to_contain_text("Do you sell the wall mount")
    assert stranger.errors == []


def test_another_address_counts_after_its_code(people: Callable[..., Person], desk: RunningDesk) -> None:
    customer = people("customer1", home="/portal/profile/", viewport={"width": 360, "height": 800})
    page, before = customer.page, codes_in(desk)
    page.get_by_role("link", name="Change how you reach me").click()
    page.get_by_role("link", name="Add a number or address").click()
    page.fill("[name=address]", "dana.home@hotels.test")
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/portal/profile/contact/code/")
    page.fill("[name=code]", "000000")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_contain_text("This code is not right")
    page.fill("[name=code]", new_code(desk, before))
    page.get_by_role("button", name="Confirm").click()
    row = page.get_by_role("listitem").filter(has_text="dana.home@hotels.test")
    expect(row).to_contain_text("Confirmed")
    row.get_by_role("button", name="Take away").click()
    expect(page.locator("#content")).to_contain_text("Taken away")
    expect(page.get_by_text("dana.home@hotels.test")).to_have_count(0)
