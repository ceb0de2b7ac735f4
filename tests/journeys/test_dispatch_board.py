"""Two dispatchers at the board: one drags a visit, the other sees it and moves it on by keys."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.people import Person


def place(page: Page, number: str) -> str:
    return page.locator(f"#visit-{number}").get_attribute("data-seen") or ""


def test_visit_is_dragged_to_somebody_and_moved_on_by_keys(people: Callable[..., Person]) -> None:
    first, second = (people(name, home="/field/board/").page for name in ("supervisor1", "admin1"))
    for page in (first, second):
        page.get_by_role("link", name="Day after").click()
        page.wait_for_url("**/field/board/?day=*")
        expect(page.locator("[data-visit-board]")).to_be_visible()
    waiting = first.locator(".sd-fboard__wait [data-visit]").first
    number = (waiting.get_attribute("id") or "").removeprefix("visit-")
    line = first.locator("[data-visit-line]").first
    who = line.get_attribute("data-visit-line")
    box = line.bounding_box()
    assert box
    waiting.hover()
    first.mouse.down()
    first.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 20, steps=8)
    expect(first.locator(".sd-fboard__ghost")).to_be_visible()
    first.mouse.up()
    for page in (first, second):
        expect(page.locator(f"[data-visit-line='{who}'] #visit-{number}")).to_be_visible()
    before = place(second, number)
    second.locator(f"#visit-{number}").focus()
    second.keyboard.press("Shift+ArrowLeft")
    for page in (first, second):
        expect(page.locator(f"#visit-{number}")).not_to_have_attribute("data-seen", before)
    expect(second.locator(f"#visit-{number}")).to_be_focused()
