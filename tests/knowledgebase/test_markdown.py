"""Markdown becomes safe HTML, whatever somebody writes into an article."""

from html.parser import HTMLParser

import pytest

from knowledgebase.markdown import block_count, render, sections


class Elements(HTMLParser):
    """What a browser would make of some HTML: elements, their attributes, and where they lead."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.targets += [value or "" for name, value in attrs if name in {"href", "src"}]


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](JaVaScRiPt:alert(1))",
        "![x](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "<a href='/x' style='position:fixed'>x</a>",
        "> <svg onload=alert(1)>",
        '[x](/a "title\\" onmouseover=\\"alert(1)")',
        "## <script>alert(1)</script>",
    ],
)
def test_active_content_never_reaches_the_page(source: str) -> None:
    elements = Elements()
    elements.feed(render(source) + "".join(section.html for section in sections(source)))
    assert elements.names <= {"p", "a", "img", "blockquote", "h2"}
    assert elements.attributes <= {"href", "src", "alt", "title", "rel"}
    assert not [target for target in elements.targets if target.lower().startswith(("javascript", "data"))]


def test_ordinary_formatting_survives() -> None:
    html = render("Open **Tunnels**, set `3600 s`.\n\n1. one\n2. two\n\n> Careful")
    for part in ("<strong>Tunnels</strong>", "<code>3600 s</code>", "<ol>", "<blockquote>"):
        assert part in html


def test_tables_carry_no_style_attribute() -> None:
    html = render("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert "<table>" in html
    assert "style" not in html


def test_links_do_not_give_the_opener_away() -> None:
    assert 'rel="noopener noreferrer"' in render("[x](https://example.com)")


def test_a_text_is_cut_at_its_headings() -> None:
    found = sections("Before.\n\n## 1. Open the tap\n\nLeft.\n\n## Why\n\nBecause.")
    assert [(section.number, section.title) for section in found] == [
        ("", ""),
        ("1", "Open the tap"),
        ("", "Why"),
    ]
    assert found[1].html.strip() == "<p>Left.</p>"


@pytest.mark.parametrize(
    ("heading", "number", "title"),
    [
        ("## 1、打开水龙头", "1", "打开水龙头"),
        ("## 2 Rinse the filter", "2", "Rinse the filter"),
        ("## 7.2.5 is planned", "", "7.2.5 is planned"),
        ("## 400 errors", "", "400 errors"),
    ],
)
def test_numbered_headings_become_steps(heading: str, number: str, title: str) -> None:
    (section,) = sections(heading)
    assert (section.number, section.title) == (number, title)


def test_blocks_are_counted_as_a_translator_would() -> None:
    assert block_count("## A\n\nOne.\n\n- x\n- y\n") == 4
