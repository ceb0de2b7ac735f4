"""Draw every page: languages x light and dark x wide and phone, as PNG files below var/screens/.

Usage: python -m tools.screens [--only TEXT] [--url URL]   (a URL of a running desk saves starting one)
"""

import argparse
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.journeys.addresses import PAGES, found
from tests.journeys.people import CHROMIUM_FLAGS, PASSWORD
from tests.journeys.running_desk import ROOT, RunningDesk
from tools.screens_call import draw_calls

OUT = ROOT / "var" / "screens"
SIZES = {"wide": (1440, 900), "phone": (390, 844)}
THEMES = ("light", "dark")
# English last: the language stays with the person, and a given desk should not be left in Chinese.
LANGUAGES = ("zh-hans", "en")


@contextmanager
def desk_at(url: str | None) -> Iterator[str]:
    """The address of a desk: the given one, or one started for the pictures."""
    if url:
        yield url
        return
    running = RunningDesk()
    running.start()
    try:
        yield running.url
    finally:
        running.stop()
        shutil.rmtree(running.data_dir, ignore_errors=True)


def sign_in(context: BrowserContext, url: str, who: str) -> None:
    page = context.new_page()
    page.goto(f"{url}/account/login/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_load_state()
    page.close()


def draw(browser: Browser, url: str, who: str | None, wanted: dict[str, str]) -> None:
    """All pictures of the pages that one person sees."""
    state = None
    if who:
        with browser.new_context() as context:
            sign_in(context, url, who)
            state = context.storage_state()
    for language, theme, size in itertools.product(LANGUAGES, THEMES, SIZES):
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            locale="zh-CN" if language == "zh-hans" else "en-GB",
            storage_state=state,
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": url}])
        if who:
            token = next(c["value"] for c in context.cookies() if c["name"] == "csrftoken")
            context.request.post(
                f"{url}/settings/language/",
                form={"language": language, "csrfmiddlewaretoken": token},
                headers={"Referer": url + "/"},
            )
        for name, address in wanted.items():
            shoot(context, url, address, OUT / f"{name}-{language[:2]}-{theme}-{size}.png")
        context.close()


def shoot(context: BrowserContext, url: str, address: str, target: Path) -> None:
    """One picture; a page that scrolls sideways is reported, because no page may."""
    page = context.new_page()
    try:
        answer = page.goto(url + found(page, url, address))
    except LookupError as missing:
        print(f"{target.name}: {missing}")
        page.close()
        return
    if answer is None or (answer.status >= 400 and target.name[:9] != "not-found"):
        print(f"{target.name}: answered {answer.status if answer else 'nothing'}")
    page.wait_for_timeout(700)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        print(f"{target.name}: scrolls sideways")
    page.screenshot(path=target)
    page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only pages whose name holds this text")
    parser.add_argument("--url", help="address of a running desk")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    with desk_at(options.url) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        for who, pages in PAGES.items():
            wanted = {name: address for name, address in pages.items() if options.only in name}
            if wanted:
                draw(browser, url, who, wanted)
        if options.only in "calls":
            draw_calls(browser, url, OUT, SIZES)
        browser.close()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT}")


if __name__ == "__main__":
    main()
