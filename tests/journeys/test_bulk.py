"""Changing many tickets of a list, by the keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import Person


def test_ticked_by_keyboard_the_bar_offers_what_may_be_done(people: Callable[..., Person]) -> None:
    page = people("supervisor1", home="/tickets/?view=open").page
    steps = page.locator("#bulk select[name=step]")
    expect(steps).to_be_hidden()
    assert steps.locator("option").count() == 1
    page.locator("input[name=ticket]").first.focus()
    page.keyboard.press("Space")
    expect(steps).to_be_visible()
    expect(steps.locator("optgroup[label='Set the priority']")).to_be_attached()
    offered = steps.locator("option").count()
    steps.select_option("priority:urgent")
    page.locator("input[name=ticket]").nth(1).focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-selection-count]")).to_have_text("2 chosen")
    expect(steps).to_have_value("priority:urgent")
    assert steps.locator("option").count() == offered
    page.locator("#bulk button.sd-btn--primary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#bulk-strip, .sd-strip").first).to_contain_text("2")
