"""The walk by keyboard sees what is wrong with a page."""

import pytest
from playwright.sync_api import Browser

from tests.journeys.keyboard import open_menus, walk

PAGE = """<!doctype html><style>:focus-visible {{ outline: 2px solid red }}
.bare:focus-visible {{ outline: none }}</style>
<a href="/a">A</a><button>B</button>{}<label>C <input name="c"></label>"""
FAULTS = {
    "not reached": '<button tabindex="-1">Never</button>',
    "mouse only": "<span data-open-keys>Keys</span>",
    "focus not shown": '<button class="bare">Bare</button>',
    "half a button": '<a role="button" href="/b">Half</a>',
    "never comes round": '<input onkeydown="if (event.key === &quot;Tab&quot;) event.preventDefault()">',
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_fault_is_found(browser: Browser, fault: str) -> None:
    with browser.new_context().new_page() as page:
        page.set_content(PAGE.format(FAULTS[fault]))
        assert any(fault in found for found in walk(page))


def test_sound_page_has_none(browser: Browser) -> None:
    with browser.new_context().new_page() as page:
        page.set_content(PAGE.format("<select><option>D</select>"))
        assert walk(page) == []


def test_menu_that_escape_does_not_close_is_found(browser: Browser) -> None:
    with browser.new_context().new_page() as page:
        page.set_content(PAGE.format('<details class="sd-pick"><summary>Menu</summary><button>One</button></details>'))
        assert any("Escape does not close" in found for found in open_menus(page))
