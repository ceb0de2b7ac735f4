"""Which words of a text answer a query, so that results can show why they were found."""

import re
from collections.abc import Iterator

from crmcore.text_search import document_tokens

_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_WORD = rf"[^\W_{_HAN}]+"
_PIECE = re.compile(rf"[{_HAN}]+|{_WORD}(?:[-.'’]{_WORD})*")


def marked(text: str, query: str) -> list[tuple[str, bool]]:
    """The text in pieces; True marks the pieces that the query asks for."""
    wanted = {lexeme for lexeme, _is_word in document_tokens(query)}
    flags = [False] * len(text)
    for piece in _PIECE.finditer(text):
        for start, end in _matches(piece[0], wanted):
            flags[piece.start() + start : piece.start() + end] = [True] * (end - start)
    return list(_joined(text, flags))


def _matches(piece: str, wanted: set[str]) -> Iterator[tuple[int, int]]:
    if "\u3400" <= piece[0] <= "\ufaff":
        yield from ((at, at + 2) for at in range(len(piece) - 1) if _lexemes(piece[at : at + 2]) & wanted)
    elif _lexemes(piece) & wanted:
        yield 0, len(piece)


def _lexemes(piece: str) -> set[str]:
    return {lexeme for lexeme, _is_word in document_tokens(piece) if len(lexeme) > 1}


def _joined(text: str, flags: list[bool]) -> Iterator[tuple[str, bool]]:
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or flags[at] != flags[start]:
            yield text[start:at], flags[start]
            start = at
