"""Markdown to safe HTML: raw HTML in the source is shown as text, and what is rendered is cleaned again."""

import re
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_ALLOWED_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "img", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}
_STEP = re.compile(r"^(?P<number>\d{1,2})(?:[.)]\s+|[、．）]\s*|\s+)(?P<title>\S.*)$")
_BLOCKS = {"paragraph_open", "heading_open", "table_open", "fence", "code_block"}

_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@dataclass(frozen=True)
class Section:
    """A heading with the text below it; the first section of a text may have no heading."""

    number: str
    title: str
    html: str


def render(source: str) -> str:
    """The whole text as HTML that is safe to show to anybody."""
    return _clean(_parser.parse(source))


def sections(source: str) -> list[Section]:
    """The text cut at its headings. A heading that starts with a number becomes a numbered step."""
    found: list[Section] = []
    heading: Token | None = None
    body: list[Token] = []
    tokens = iter(_parser.parse(source))
    for token in tokens:
        if token.type == "heading_open" and token.level == 0:
            found += _section(heading, body)
            heading, body = next(tokens), []
            next(tokens)
        else:
            body.append(token)
    return found + _section(heading, body)


def block_count(source: str) -> int:
    """How many paragraphs, headings, items and tables the text has: the measure of a translation's gaps."""
    return sum(token.type in _BLOCKS for token in _parser.parse(source))


def _section(heading: Token | None, body: list[Token]) -> list[Section]:
    if heading is None and not body:
        return []
    title = "".join(part.content for part in heading.children or []) if heading else ""
    step = _STEP.match(title)
    number, title = (step["number"], step["title"]) if step else ("", title)
    return [Section(number=number, title=title, html=_clean(body))]


def _clean(tokens: list[Token]) -> str:
    for token in tokens:
        # The page's own title is the only first-level heading.
        token.tag = "h2" if token.tag == "h1" else token.tag
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(
        html,
        tags=_ALLOWED_TAGS,
        attributes=_ALLOWED_ATTRIBUTES,
        url_schemes=_ALLOWED_SCHEMES,
        link_rel="noopener noreferrer",
    )
