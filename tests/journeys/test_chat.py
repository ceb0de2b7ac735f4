"""A chat from the first word to the wrap-up, in two browsers; and what a broken line does to it: nothing."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Person

COMES_MS = 20_000
# As if the page had been opened just now: the chat is in the list and its tab not there yet.
FORGET_TAB = """(name) => {
    const tab = [...document.querySelectorAll("#tabs [role=tab]")].find((one) => one.textContent.includes(name));
    document.getElementById(tab.getAttribute("aria-controls")).remove();
    tab.remove();
    document.dispatchEvent(new CustomEvent("htmx:after:swap"));
}"""


@pytest.fixture
def maya(people: Callable[..., Person]) -> Iterator[Person]:
    """An agent on shift, who ends and wraps up every chat that is left."""
    maya = people("agent1", home="/console/")
    shift = maya.page.locator("[data-start-shift]")
    if shift.count():
        shift.click()
    expect(maya.page.locator("#bar")).to_have_attribute("data-look", "ready", timeout=COMES_MS)
    yield maya
    end, chats = maya.page.get_by_role("button", name="End the chat"), maya.page.locator(".sd-tab--chat")
    for left in range(chats.count(), 0, -1):
        chats.first.click()
        if end.is_visible():
            end.click()
        maya.page.locator("[data-chat-wrap] [type=submit]:visible").click()
        expect(chats).to_have_count(left - 1, timeout=COMES_MS)


def begin(person: Person, name: str, words: str) -> None:
    person.page.fill("input[name=name]", name)
    person.page.fill("textarea[name=body]", words)
    person.page.get_by_role("button", name="Start the chat").click()
    expect(person.page.locator("[data-chat-lines]")).to_contain_text(words)


def say(page: Page, words: str) -> None:
    field = page.locator("[data-chat-text]:visible")
    field.fill(words)
    field.press("Enter")


def take(maya: Person, name: str) -> None:
    """Take the chat by its key; whatever else rings is declined."""
    strip = maya.page.locator("#chat-strip")
    expect(strip).to_contain_text(name, timeout=COMES_MS)
    offer = strip.locator(".sd-chatstrip__r", has_text=name)
    offer.locator("[data-chat-accept]").click()
    expect(maya.page.get_by_role("tab", name=name, selected=True)).to_be_visible(timeout=COMES_MS)
    expect(maya.page.locator("[data-chat-text]:visible")).to_be_focused(timeout=COMES_MS)


def test_a_guest_chats_with_an_agent_until_the_wrap_up(people: Callable[..., Person], maya: Person) -> None:
    guest = people(None, home="/portal/chat/", viewport={"width": 360, "height": 720})
    begin(guest, "Ida Moss", "The light blinks orange")
    take(maya, "Ida Moss")
    expect(guest.page.locator("#chat-title")).to_have_text("Maya", timeout=COMES_MS)
    say(maya.page, "Since when?")
    expect(guest.page.locator("[data-chat-lines]")).to_contain_text("Since when?", timeout=COMES_MS)
    expect(maya.page.locator("[data-chat-lines]:visible")).to_contain_text("Read", timeout=COMES_MS)
    guest.page.locator("[data-chat-text]").press_sequentially("Since ")
    expect(maya.page.locator("[data-chat-typing]:visible")).to_contain_text("Ida Moss is writing", timeout=COMES_MS)
    say(guest.page, "Since the storm")
    expect(maya.page.locator("[data-chat-lines]:visible")).to_contain_text("Since the storm", timeout=COMES_MS)
    guest.page.get_by_role("button", name="End the chat").click()
    wrap = maya.page.locator("[data-chat-wrap]:visible")
    expect(wrap).to_be_visible(timeout=COMES_MS)
    wrap.locator("textarea[name=note]").fill("Told to restart it")
    wrap.locator("select[name=then]").select_option("solved")
    wrap.get_by_role("button", name="Finish").click()
    expect(maya.page.get_by_role("tab", name="Ida Moss")).to_have_count(0, timeout=COMES_MS)
    assert not maya.errors
    assert not guest.errors


def test_lines_written_without_a_connection_arrive_once_and_in_order(
    people: Callable[..., Person], maya: Person
) -> None:
    guest = people(None, home="/portal/chat/")
    begin(guest, "Per Dahl", "Hello")
    take(maya, "Per Dahl")
    guest.context.set_offline(True)
    for words in ("First", "Second", "Third"):
        say(guest.page, words)
    expect(guest.page.locator("[data-unsent]")).to_have_count(3)
    expect(guest.page.locator("[data-chat-error]")).to_contain_text("connection is gone", timeout=COMES_MS)
    say(maya.page, "Are you still there?")
    guest.context.set_offline(False)
    lines = maya.page.locator("[data-chat-lines]:visible li[data-client]")
    expect(lines).to_contain_text(["Hello", "Are you still there?", "First", "Second", "Third"], timeout=COMES_MS)
    expect(guest.page.locator("[data-unsent]")).to_have_count(0, timeout=COMES_MS)
    expect(guest.page.locator("[data-chat-lines]")).to_contain_text("Are you still there?", timeout=COMES_MS)


def test_a_reload_keeps_the_chat_and_the_words_that_were_typed(people: Callable[..., Person], maya: Person) -> None:
    guest = people(None, home="/portal/chat/")
    begin(guest, "Rosa Vidal", "Hello")
    take(maya, "Rosa Vidal")
    maya.page.locator("[data-chat-text]:visible").press_sequentially("Half a sen")
    guest.page.locator("[data-chat-text]").press_sequentially("Half a wo")
    for person in (maya, guest):
        person.page.reload()
    expect(guest.page.locator("[data-chat-text]")).to_have_value("Half a wo")
    maya.page.get_by_role("tab", name="Rosa Vidal").click()
    expect(maya.page.locator("[data-chat-text]:visible")).to_have_value("Half a sen", timeout=COMES_MS)


def test_lines_of_another_chat_are_marked_while_one_is_open(people: Callable[..., Person], maya: Person) -> None:
    guests = [people(None, home="/portal/chat/") for _ in range(2)]
    for guest, name in zip(guests, ("Ana One", "Ben Two"), strict=True):
        begin(guest, name, "Hello")
        take(maya, name)
    say(guests[0].page, "Still there?")
    mark = maya.page.get_by_role("tab", name="Ana One").locator("[data-unread-mark]")
    expect(mark).to_have_text("1", timeout=COMES_MS)
    maya.page.get_by_role("tab", name="Ana One").click()
    expect(mark).to_be_hidden(timeout=COMES_MS)


def test_a_chat_that_opens_behind_takes_no_word_from_whoever_types(people: Callable[..., Person], maya: Person) -> None:
    for name in ("Cleo Three", "Dan Four"):
        begin(people(None, home="/portal/chat/"), name, "Hello")
        take(maya, name)
    field = maya.page.get_by_role("tabpanel", name="Dan Four").locator("textarea").first
    field.focus()
    maya.type("One ")
    maya.page.evaluate(FORGET_TAB, "Cleo Three")
    maya.type("two")
    expect(maya.page.get_by_role("tab", name="Cleo Three")).to_be_visible(timeout=COMES_MS)
    expect(field).to_be_focused()
    expect(field).to_have_value("One two")
