"""The words of an HTML mail as plain text: nothing is loaded, nothing runs, quotes are marked with '>'."""

import re
from html.parser import HTMLParser

_BLOCKS_WORDS = """
address article aside blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header
hr li main nav ol p pre section table tr ul
"""
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_SPACED = frozenset(["p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre"])
_UNSEEN_WORDS = """
script style head title template noscript svg object iframe select textarea
"""
_UNSEEN = frozenset(_UNSEEN_WORDS.split())
_VOID_WORDS = """
area base br col embed hr img input link meta source track wbr
"""
_VOID = frozenset(_VOID_WORDS.split())
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_HIDDEN = re.compile(r"display\s*:\s*none|font-size\s*:\s*0(?![.\d])|max-height\s*:\s*0(?![.\d])", re.IGNORECASE)
LONGEST = 300_000


def text_of_html(html: str) -> str:
    """Paragraphs as lines, lists with dashes, links with their address, quotes behind '>'."""
    reader = _Reader()
    try:
        reader.feed(html[:LONGEST])
        reader.close()
    except (AssertionError, ValueError):
        pass
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in reader.lines())).strip("\n")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._depth = 0
        self._unseen: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._preformatted = 0

    def lines(self) -> list[str]:
        self._break()
        return self._lines

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if self._unseen:
            if tag == self._unseen[-1] and tag not in _VOID:
                self._unseen.append(tag)
            return
        if tag in _UNSEEN or (tag not in _VOID and _HIDDEN.search(values.get("style", ""))):
            self._unseen.append(tag)
        elif tag == "br":
            self._break(always=True)
        elif tag == "img":
            self._image(values)
        elif tag == "a":
            self._links.append((values.get("href", ""), len(self._line)))
        elif tag in _BLOCKS:
            self._open(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag == self._unseen[-1]:
                self._unseen.pop()
            return
        if tag == "a" and self._links:
            self._link(*self._links.pop())
        elif tag in _BLOCKS:
            self._break()
            if tag == "pre":
                self._preformatted = max(0, self._preformatted - 1)
            if tag == "blockquote":
                self._depth = max(0, self._depth - 1)
            if tag in _SPACED:
                self._gap()
        elif tag in ("td", "th"):
            self._line += " "

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._preformatted:
            first, *rest = data.split("\n")
            self._line += first
            for line in rest:
                self._break(always=True)
                self._line = line
            return
        words = _SPACE.sub(" ", data)
        self._line += words.lstrip() if not self._line or self._line.endswith(" ") else words

    def _open(self, tag: str) -> None:
        self._break()
        if tag in _SPACED:
            self._gap()
        if tag == "blockquote":
            self._depth += 1
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "li":
            self._line = "- "
        elif tag == "hr":
            self._line = "________________________________"
            self._break()

    def _image(self, values: dict[str, str]) -> None:
        """Pictures of the mail itself are named by their id, pictures elsewhere only by their description."""
        source = values.get("src", "")
        if source.lower().startswith("cid:"):
            self._line += f"[cid:{source[4:]}]"
        elif values.get("alt", "").strip():
            self._line += f"[{values['alt'].strip()[:200]}]"

    def _link(self, address: str, start: int) -> None:
        words = self._line[start:].strip()
        if not re.match(r"https?://", address, re.IGNORECASE) or not words:
            return
        bare = re.sub(r"^https?://|/$", "", address, flags=re.IGNORECASE)
        if bare not in re.sub(r"^https?://|/$", "", words, flags=re.IGNORECASE):
            self._line = f"{self._line.rstrip()} ({address[:500]})"

    def _break(self, *, always: bool = False) -> None:
        if self._line.strip() or always:
            self._lines.append(self._marked(self._line))
        self._line = ""

    def _gap(self) -> None:
        if self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._marked(""))

    def _marked(self, line: str) -> str:
        return f"{'>' * min(self._depth, 20)} {line}".rstrip() if self._depth else line
