"""Finding what should not be published: names, numbers and addresses of people, marked for the writer's eye.

A mark is ⟪such a bracket⟫. Nothing is published while one is left: the writer takes it out, or frees the words of it.
"""

import re
from collections.abc import Iterable

OPEN, CLOSE = "⟪", "⟫"
_MARKED = re.compile(f"{OPEN}(.*?){CLOSE}", re.DOTALL)
# E-mail addresses, telephone numbers, then orders, tickets, serials: letters with digits, or many digits.
_PATTERNS = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII),
    re.compile(r"(?<![\w.])\+?\(?\d(?:[\d ()/.-]{5,}\d)(?!\w)", re.ASCII),
    re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{1,6}[-#]?\d{4,}[A-Z0-9-]*|\d{6,})(?![A-Za-z0-9])", re.ASCII),
)
_SHORTEST_NAME = 3
_SHORTEST_CHINESE_NAME = 2


def mark(text: str, names: Iterable[str] = ()) -> str:
    """The text with every find in marks; `names` are those of the people whom the matter is about."""
    found = [match.span() for pattern in _PATTERNS for match in pattern.finditer(text)]
    for name in _parts(names):
        found += [match.span() for match in re.finditer(_as_word(name), text, re.IGNORECASE)]
    marked, at = [], 0
    for start, end in _joined(found):
        marked += [text[at:start], OPEN, text[start:end], CLOSE]
        at = end
    return "".join([*marked, text[at:]])


def marked_in(text: str) -> list[str]:
    """What stands in marks, each once, in order."""
    return list(dict.fromkeys(_MARKED.findall(text)))


def _parts(names: Iterable[str]) -> set[str]:
    """Names whole and, where words make them up, word by word: people sign with one of them."""
    found = set()
    for name in names:
        bare = name.strip()
        if len(bare) >= (_SHORTEST_CHINESE_NAME if _is_chinese(bare) else _SHORTEST_NAME):
            found.add(bare)
        found |= {word for word in bare.split() if len(word) >= _SHORTEST_NAME}
    return found


def _as_word(name: str) -> str:
    bare = re.escape(name)
    return bare if _is_chinese(name) else rf"(?<!\w){bare}(?!\w)"


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that meet as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
