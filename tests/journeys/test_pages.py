"""Every page, in both languages: no console error, no sideways scroll, no serious accessibility fault."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.people import Person

STAFF = ["/console/", "/tickets/?view=open", "/crm/accounts/", "/crm/opportunities/", "/kb/", "/settings/"]
PAGES = {
    "agent1": STAFF,
    "supervisor1": ["/supervisor/"],
    "admin1": ["/settings/", "/settings/you/"],
    "customer1": ["/portal/", "/portal/requests/", "/portal/requests/new/", "/portal/call/"],
}
SUBMIT = "button => button.form.requestSubmit(button)"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("who", list(PAGES))
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_sound(people: Callable[..., Person], who: str, language: str, width: int) -> None:
    person = people(who, home=PAGES[who][0], viewport={"width": width, "height": 844})
    speak(person.page, language)
    faults: list[str] = []
    for address in PAGES[who]:
        person.go(address)
        person.page.wait_for_timeout(400)
        if person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            faults.append(f"{address} scrolls sideways")
        faults += [f"{address}: {fault}" for fault in serious_faults(person.page)]
    assert not faults
    assert not person.errors
    speak(person.page, "en")


def serious_faults(page: Page) -> list[str]:
    """What axe finds serious or critical, with the first element at fault."""
    found = Axe().run(page, options=RULES).response["violations"]
    serious = [violation for violation in found if violation["impact"] in ("serious", "critical")]
    return [f"{violation['id']} {violation['nodes'][0]['html'][:160]}" for violation in serious]


def speak(page: Page, language: str) -> None:
    """Switch the person's language by the toggle's own form; phones show it in the settings alone."""
    button = page.locator(f"button[name=language][value={language}]")
    if button.count():
        button.first.evaluate(SUBMIT)
        page.wait_for_function("language => document.documentElement.lang === language", arg=language)
