"""Tabs, dialogs, the palette and menus by keyboard alone. That all of every page is reached: test_pages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.keyboard import open_menus, walk
from tests.journeys.people import Person, arrive
from tests.journeys.running_desk import RunningDesk
from tests.journeys.soundness import come_to_rest

TICKET = "/tickets/KW-20418/"


@pytest.fixture(scope="module")
def agent(desk: RunningDesk, browser: Browser) -> Iterator[Person]:
    person = arrive(browser, desk.url, "agent1", home="/console/")
    yield person
    person.context.close()


def test_tabs_of_the_console_work_by_keyboard(agent: Person) -> None:
    page = agent.page
    open_page(agent, "/console/")
    page.locator("#list [data-open-ticket]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panels [data-panel]:not([hidden]) [data-composer]")).to_be_visible()
    # The customer of the ticket comes beside it and takes the place of what stood there.
    expect(page.locator("#customer")).to_have_attribute("data-query", re.compile("account="))
    come_to_rest(page)
    assert not [*walk(page), *open_menus(page)]
    page.locator("#tabs [role=tab][data-kind=ticket]").focus()
    page.keyboard.press("Delete")
    expect(page.locator("#tabs [data-kind=ticket]")).to_have_count(0)
    expect(page.locator("#panel-home h1")).to_be_focused()


@pytest.mark.parametrize("key", ["Enter", "Space"])
@pytest.mark.parametrize(
    ("opener", "dialog"), [("[data-open-palette]", "#palette"), ("[data-open-keys]", "#key-sheet")]
)
def test_dialog_opens_by_key_and_gives_the_focus_back(agent: Person, opener: str, dialog: str, key: str) -> None:
    page = agent.page
    page.locator(opener).first.focus()
    page.keyboard.press(key)
    expect(page.locator(f"{dialog} :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(dialog)).to_be_hidden()
    expect(page.locator(opener).first).to_be_focused()


def test_palette_is_chosen_from_by_arrows(agent: Person) -> None:
    page = agent.page
    page.keyboard.press("Control+k")
    page.keyboard.type("ellery")
    options = page.locator("#palette-list [role=option]")
    expect(options.filter(has_text="Ellery").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.locator("#palette-input")).to_have_attribute(
        "aria-activedescendant", options.nth(1).get_attribute("id")
    )
    page.keyboard.press("Enter")
    expect(page.locator("#palette")).to_be_hidden()


def test_article_is_inserted_without_a_mouse(agent: Person) -> None:
    page = ticket_page(agent)
    page.locator("[data-open-articles]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#article-dialog input[type=search]")).to_be_focused()
    first = page.locator("#article-dialog [data-insert-text]").first
    expect(first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#article-picker :focus")).to_have_count(1)
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#article-dialog")).to_be_hidden()
    expect(page.locator("[data-composer] textarea:focus")).to_have_count(1)


def test_choosing_in_a_menu_keeps_the_focus_on_it(agent: Person) -> None:
    page = ticket_page(agent)
    menu = page.locator("[id^=ticket-priority-]")
    chosen = menu.locator("[aria-current]").get_attribute("value")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    if menu.locator("button:focus").get_attribute("value") == chosen:
        page.keyboard.press("ArrowDown")
    wanted = menu.locator("button:focus").get_attribute("value")
    page.keyboard.press("Enter")
    expect(menu.locator(f"[value={wanted}]")).to_have_attribute("aria-current", "true")
    assert not menu.evaluate("menu => menu.open")
    expect(menu.locator("summary")).to_be_focused()


def test_filter_of_the_timeline_keeps_the_focus(agent: Person) -> None:
    chip = ticket_page(agent).locator(".sd-thread .sd-fchip").nth(2)
    chip.focus()
    agent.page.keyboard.press("Enter")
    expect(chip).to_have_attribute("aria-current", "true")
    expect(chip).to_be_focused()


def ticket_page(person: Person) -> Page:
    open_page(person, TICKET)
    return person.page


def open_page(person: Person, path: str) -> None:
    person.go(path)
    come_to_rest(person.page)
