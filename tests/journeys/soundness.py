"""What is wrong with a page: faults that axe finds in the light and in the dark, and sideways scrolling."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

AXE = str(Axe().axe_script)
RULES: dict[str, object] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# Dark mode changes nothing else.
COLOURS: dict[str, object] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
# Serious and critical faults, with the first element at fault; only violations are gathered, which is faster.
_RUN = """
async (rules) => {
  const found = await axe.run(document, { ...rules, resultTypes: ["violations"] });
  const serious = found.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  return serious.map((one) => `${one.id} ${one.nodes[0].html.slice(0, 160)}`);
}
"""
_KEEP_STILL = """
() => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important; }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
  return document.fonts.ready.then(() => true);
}
"""


def come_to_rest(page: Page) -> None:
    """Wait until the page is loaded and fetches nothing, and let nothing fade any more."""
    page.wait_for_load_state()
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.evaluate(_KEEP_STILL)


def faults_of(page: Page) -> list[str]:
    """What is wrong with the open page, in the light and in the dark; the theme follows the browser."""
    page.emulate_media(color_scheme="light")
    come_to_rest(page)
    page.evaluate(AXE)
    faults = [*page.evaluate(_RUN, RULES), *scrolls_sideways(page)]
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    faults += [f"in the dark: {fault}" for fault in page.evaluate(_RUN, COLOURS)]
    page.emulate_media(color_scheme="light")
    return faults


def faults_when_narrow(page: Page) -> list[str]:
    """Whether the open page scrolls sideways when its window becomes as narrow as a phone."""
    page.set_viewport_size(NARROW)
    faults = scrolls_sideways(page)
    page.set_viewport_size(WIDE)
    return faults


def scrolls_sideways(page: Page) -> list[str]:
    widths: list[int] = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return [f"scrolls sideways: {widths[0]} on {widths[1]}"] if widths[0] > widths[1] + 1 else []
