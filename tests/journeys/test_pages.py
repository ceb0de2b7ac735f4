"""Every page, in both languages, light and dark: no console error, no sideways scroll, no serious fault."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import Person
from tests.journeys.running_desk import RunningDesk

STAFF = ["/console/", "/tickets/?view=open", "/crm/accounts/", "/crm/opportunities/", "/kb/", "/settings/"]
PAGES = {
    "agent1": STAFF,
    "supervisor1": [
        "/supervisor/",
        "/supervisor/reports/",
        "/supervisor/reports/flow/",
        "/supervisor/reports/outbound/",
        "/campaigns/",
        "/campaigns/new/",
        "/campaigns/texts/",
        "/campaigns/texts/new/",
        "/settings/do-not-call/",
        "/kb/KB-312/",
        "/kb/KB-312/edit/",
    ],
    "admin1": [
        "/settings/",
        "/settings/you/",
        "/settings/flows/",
        "/settings/capacity/",
        "/settings/parking/",
        "/settings/recordings/",
        "/calls/1/",
        "/settings/directory/",
        "/settings/calendars/",
        "/settings/calendars/new/",
        "/settings/calendars/1/",
        "/settings/people/",
        "/settings/people/1/",
        "/settings/teams/",
        "/settings/skills/",
    ],
    "customer1": [
        "/portal/",
        "/portal/requests/",
        "/portal/requests/KW-20418/",
        "/portal/requests/new/",
        "/portal/call/",
        "/portal/help/KB-312/",
        "/portal/profile/",
    ],
}
OPEN_TO_ALL = ["/account/login/", "/account/login/code/", "/portal/", "/wallboard/demo-network/"]
SUBMIT = "button => button.form.requestSubmit(button)"
ALL_RULES: dict[str, object] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# Dark mode changes nothing else.
COLOURS: dict[str, object] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
AFTER_FADE_MS = 250


# Each width in one language: what a page is made of is the same in both, and the pictures show all four.
@pytest.mark.parametrize(("width", "language"), [(1440, "en"), (390, "zh-hans")])
@pytest.mark.parametrize("who", list(PAGES))
def test_pages_are_sound(people: Callable[..., Person], who: str, language: str, width: int) -> None:
    person = people(who, home=PAGES[who][0], viewport={"width": width, "height": 844})
    speak(person.page, language)
    faults = [fault for address in PAGES[who] for fault in faults_at(person.page, person.url + address)]
    assert not faults
    assert not person.errors
    speak(person.page, "en")


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_of_strangers_are_sound(desk: RunningDesk, browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    faults = [fault for address in OPEN_TO_ALL for fault in faults_at(page, desk.url + address)]
    page.context.close()
    assert not faults


def faults_at(page: Page, address: str) -> list[str]:
    """Open a page and say what is wrong with it. The theme follows the browser, so one load serves both."""
    page.emulate_media(color_scheme="light")
    page.goto(address)
    page.wait_for_timeout(400)
    faults = [f"{address}: {fault}" for fault in serious_faults(page, ALL_RULES)]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        faults.append(f"{address} scrolls sideways")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.wait_for_timeout(AFTER_FADE_MS)
    return faults + [f"{address} in the dark: {fault}" for fault in serious_faults(page, COLOURS)]


def serious_faults(page: Page, rules: dict[str, object]) -> list[str]:
    """What axe finds serious or critical, with the first element at fault."""
    found = Axe().run(page, options=rules).response["violations"]
    serious = [violation for violation in found if violation["impact"] in ("serious", "critical")]
    return [f"{violation['id']} {violation['nodes'][0]['html'][:160]}" for violation in serious]


def speak(page: Page, language: str) -> None:
    """Switch the person's language by the toggle's own form; phones show it in the settings alone."""
    button = page.locator(f"button[name=language][value={language}]")
    if button.count():
        button.first.evaluate(SUBMIT)
        expect(page.locator("html")).to_have_attribute("lang", language)
