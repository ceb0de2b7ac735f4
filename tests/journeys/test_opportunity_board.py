"""The opportunity board by hand: keys first, the mouse as the second way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.people import Person, arrive
from tests.journeys.running_desk import RunningDesk

BOARD = "/crm/opportunities/"


@pytest.fixture
def helen(desk: RunningDesk, browser: Browser) -> Iterator[Person]:
    person = arrive(browser, desk.url, "supervisor1", home=BOARD)
    yield person
    assert person.errors == []
    person.context.close()


def stage_of(person: Person, deal: str) -> str:
    found: str = person.page.evaluate("id => document.getElementById(id).closest('[data-stage]').dataset.stage", deal)
    return found


def first_deal(person: Person, stage: str) -> str:
    return person.page.locator(f"[data-stage={stage}] [data-deal]").first.get_attribute("id") or ""


def test_deal_moves_by_two_keys_and_keeps_the_focus(helen: Person) -> None:
    deal = first_deal(helen, "lead")
    helen.page.focus(f"#{deal}")
    helen.press("m")
    expect(helen.page.locator("[data-move-menu]")).to_be_visible()
    helen.press("3")
    expect(helen.page.locator(f"[data-stage=quoted] #{deal}")).to_be_focused()
    assert (helen.keys, helen.clicks) == (2, 0)


def test_escape_closes_the_menu_and_returns_the_focus(helen: Person) -> None:
    deal = first_deal(helen, "quoted")
    helen.page.focus(f"#{deal}")
    helen.press("m")
    expect(helen.page.locator("[data-move-menu]")).to_be_visible()
    helen.press("Escape")
    expect(helen.page.locator("[data-move-menu]")).to_have_count(0)
    expect(helen.page.locator(f"#{deal}")).to_be_focused()


def test_arrows_walk_between_the_columns(helen: Person) -> None:
    deal = first_deal(helen, "quoted")
    helen.page.focus(f"#{deal}")
    helen.press("ArrowRight")
    assert stage_of(helen, helen.page.evaluate("document.activeElement.id")) == "negotiating"


def test_losing_asks_for_a_reason_in_place(helen: Person) -> None:
    deal = first_deal(helen, "qualified")
    helen.page.focus(f"#{deal}")
    helen.press("m")
    helen.page.click("[data-move-menu] button[value=lost]")
    expect(helen.page.locator("[data-move-menu] [role=alert]")).to_be_visible()
    helen.press("0")
    helen.type("Price 9")
    helen.press("Tab")
    helen.press("Enter")
    expect(helen.page.locator(f"#{deal}")).to_have_count(0)


def test_deal_is_dragged_as_the_second_way(helen: Person) -> None:
    deal = first_deal(helen, "qualified")
    helen.page.drag_and_drop(f"#{deal}", "[data-stage=negotiating] header")
    expect(helen.page.locator(f"[data-stage=negotiating] #{deal}")).to_be_visible()


def test_duplicates_appear_while_typing_and_never_block(helen: Person) -> None:
    helen.go("/crm/accounts/new/")
    helen.page.fill("#id_name", "port ellery logistics inc")
    expect(helen.page.locator("#duplicates .sd-twin").first).to_contain_text("Port Ellery Logistics")
    helen.page.fill("#id_name", "Harbour Lantern Bakery")
    helen.press("Control+Enter")
    expect(helen.page).not_to_have_url(f"{helen.url}/crm/accounts/new/")
