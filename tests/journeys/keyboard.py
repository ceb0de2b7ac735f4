"""Walking a page by the Tab key alone: what is reached, what shows the focus, what a hand without a mouse cannot do."""

from pathlib import Path

from playwright.sync_api import Page

STOPS = 480
AT_ONCE = 12
WATCH = (Path(__file__).parent / "keyboard_watch.js").read_text()


def walk(page: Page) -> list[str]:
    """Press Tab from the top until the focus wraps, or nothing takes it; the faults that this shows."""
    page.evaluate(WATCH)
    for _ in range(STOPS // AT_ONCE):
        for _ in range(AT_ONCE):
            page.keyboard.press("Tab")
        if page.evaluate("window.keyboardWatch.wrapped || !window.keyboardWatch.seen().length"):
            break
    else:
        return [f"the focus never comes round: {page.evaluate('window.keyboardWatch.now()')}"]
    arrow_through_tabs(page)
    faults: list[str] = page.evaluate("window.keyboardWatch.faults()")
    return faults


def arrow_through_tabs(page: Page) -> None:
    """Tabs are one stop; arrows go from one to the next."""
    for number in range(page.evaluate("window.keyboardWatch.tabLists().length")):
        steps = page.evaluate("number => window.keyboardWatch.enterTabs(number)", number)
        for _ in range(steps):
            page.keyboard.press("ArrowRight")


def open_menus(page: Page) -> list[str]:
    """Every menu opens by Enter and by Space, its items are reached, Escape closes it and gives the focus back."""
    page.evaluate(WATCH)
    faults = []
    for name in page.evaluate("window.keyboardWatch.menus()"):
        for key in ("Enter", "Space"):
            if not page.evaluate("name => window.keyboardWatch.focusMenu(name)", name):
                continue  # drawn again meanwhile
            page.keyboard.press(key)
            for _ in range(page.evaluate("window.keyboardWatch.itemsOfMenu()")):
                page.keyboard.press("Tab")
            faults += page.evaluate("window.keyboardWatch.menuFaults()")
            page.keyboard.press("Escape")
            faults += page.evaluate("window.keyboardWatch.menuLeft()")
    return [f"{fault} ({key})" for fault in faults]
