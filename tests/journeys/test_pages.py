"""Every page, opened once: no serious fault in light and dark, no sideways scroll, all of it reached by keyboard."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.addresses import PAGES, found
from tests.journeys.furniture import furnish
from tests.journeys.keyboard import open_menus, walk
from tests.journeys.people import Person, arrive
from tests.journeys.running_desk import RunningDesk
from tests.journeys.soundness import NARROW, come_to_rest, faults_of, faults_when_narrow

EACH = [pytest.param(who, name, id=f"{who or 'stranger'}-{name}") for who, names in PAGES.items() for name in names]
# Where a hand holds a phone: what Chinese looks like there as well.
ON_PHONES = [("agent1", "/console/"), ("supervisor1", "/supervisor/"), ("customer1", "/portal/")]
SUBMIT = "button => button.form.requestSubmit(button)"


@pytest.fixture(scope="module")
def furnished(desk: RunningDesk, browser: Browser) -> None:
    """Rows for the pages that show one."""
    person = arrive(browser, desk.url, "admin1", home="/settings/")
    furnish(person.page, person.url)
    person.context.close()


@pytest.fixture(scope="module")
def visitor(desk: RunningDesk, browser: Browser, furnished: None) -> Iterator[Callable[[str | None], Person]]:
    """Everybody comes once and looks at all their pages."""
    present: dict[str | None, Person] = {}

    def come(name: str | None) -> Person:
        if name not in present:
            present[name] = arrive(browser, desk.url, name, home=next(iter(PAGES[name].values())))
        return present[name]

    yield come
    for person in present.values():
        person.context.close()


@pytest.mark.parametrize(("who", "name"), EACH)
def test_page_is_sound(visitor: Callable[[str | None], Person], who: str | None, name: str) -> None:
    person = visitor(who)
    path = found(person.page, person.url, PAGES[who][name])
    person.errors.clear()
    person.go(path)
    page = person.page
    faults = [*faults_of(page), *faults_when_narrow(page), *walk(page), *open_menus(page)]
    assert not faults, path
    assert [error for error in person.errors if name != "not-found"] == [], path


@pytest.mark.parametrize(("who", "path"), ON_PHONES)
def test_page_is_sound_on_phones_in_chinese(people: Callable[..., Person], who: str, path: str) -> None:
    person = people(who, home=path, viewport=NARROW)
    speak(person.page, "zh-hans")
    person.go(path)
    try:
        assert not [*faults_of(person.page), *walk(person.page), *open_menus(person.page)]
    finally:
        speak(person.page, "en")
    assert not person.errors


def speak(page: Page, language: str) -> None:
    """Switch the person's language by the toggle's own form; phones show it in the settings alone."""
    page.locator(f"button[name=language][value={language}]").first.evaluate(SUBMIT)
    expect(page.locator("html")).to_have_attribute("lang", language)
    come_to_rest(page)
