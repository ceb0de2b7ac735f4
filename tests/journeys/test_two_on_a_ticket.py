"""Two people on one ticket: they see one another, and no word of either is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.people import Person

TICKET = "/tickets/KW-20418/"
GONE_WITHIN_MS = 5_000
SENT_WITHIN_MS = 15_000


def text(person: Person) -> Locator:
    return person.page.locator("[data-composer] textarea")


def viewers(person: Person) -> Locator:
    return person.page.locator("[data-viewers]")


@pytest.fixture
def two(people: Callable[..., Person]) -> tuple[Person, Person]:
    return people("agent1", home=TICKET), people("supervisor1", home=TICKET)


def test_each_sees_what_the_other_does_until_the_tab_closes(two: tuple[Person, Person]) -> None:
    maya, helen = two
    expect(viewers(maya)).to_contain_text("Helen Sun is looking at this")
    text(helen).press_sequentially("Let me")
    expect(viewers(maya)).to_contain_text("Helen Sun is writing")
    expect(viewers(helen)).not_to_contain_text("Helen Sun")
    helen.page.close()
    expect(viewers(maya)).not_to_contain_text("Helen Sun", timeout=GONE_WITHIN_MS)


def test_who_loses_the_line_is_back_on_the_list_when_it_returns(two: tuple[Person, Person]) -> None:
    maya, helen = two
    expect(viewers(maya)).to_contain_text("Helen Sun")
    helen.context.set_offline(True)
    helen.page.evaluate("() => document.dispatchEvent(new Event('offline'))")
    helen.context.set_offline(False)
    helen.page.reload()
    expect(viewers(maya)).to_contain_text("Helen Sun is looking at this")


def test_a_word_that_came_first_is_read_before_mine_is_sent_and_neither_is_lost(two: tuple[Person, Person]) -> None:
    maya, helen = two
    for person, words in ((maya, "Maya saw it first"), (helen, "Helen wrote meanwhile")):
        person.page.locator("label[for^=mode-note]").click()
        text(person).fill(words)
        expect(person.page.locator("[data-composer] .sd-saved")).to_be_visible()
    maya.page.locator("[data-composer] button[name=send]").click()
    expect(maya.page.locator(".sd-tl")).to_contain_text("Maya saw it first", timeout=SENT_WITHIN_MS)
    helen.page.locator("[data-composer] button[name=send]").click()
    expect(helen.page.locator("[data-composer] [role=alert]")).to_contain_text(
        "Maya Okafor wrote while you were typing"
    )
    expect(text(helen)).to_have_value("Helen wrote meanwhile")
    expect(helen.page.locator(".sd-tl")).to_contain_text("Maya saw it first")
    helen.page.locator("[data-composer] button[name=send]").click()
    for person in two:
        expect(person.page.locator(".sd-tl")).to_contain_text("Helen wrote meanwhile", timeout=SENT_WITHIN_MS)


@pytest.mark.parametrize("mode", ["note", "reply", "sms"])
def test_a_draft_waits_on_the_desk_in_the_mode_in_which_it_was_typed(people: Callable[..., Person], mode: str) -> None:
    maya = people("agent1", home=TICKET)
    maya.page.locator(f"label[for^=mode-{mode}]").click()
    text(maya).fill(f"Unsent {mode}")
    expect(maya.page.locator("[data-composer] .sd-saved")).to_be_visible()
    maya.page.goto(maya.page.url)
    expect(text(maya)).to_have_value(f"Unsent {mode}")
    expect(maya.page.locator(f"input[name=mode][value={mode}]")).to_be_checked()
    text(maya).fill("")
    expect(maya.page.locator("[data-composer] .sd-saved")).to_be_visible()


def test_a_colleague_is_named_by_keys_and_not_while_an_input_method_composes(people: Callable[..., Person]) -> None:
    maya = people("agent1", home=TICKET)
    field, choices = text(maya), maya.page.locator("[data-text-choices]")
    maya.page.locator("label[for^=mode-note]").click()
    field.focus()
    field.press_sequentially("Please @hel")
    expect(choices.locator("[role=option]")).to_contain_text(["Helen Sun"])
    maya.page.keyboard.press("Enter")
    expect(field).to_have_value("Please @Helen Sun ")
    field.fill("@")
    field.evaluate("field => field.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }))")
    field.fill("")
    expect(choices).to_be_hidden()
