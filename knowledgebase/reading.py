"""How a text is read: rows that keep two languages side by side, and the minutes it takes."""

import re
from dataclasses import dataclass

from knowledgebase.markdown import Section, sections

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[A-Za-z0-9]+")
_HAN_PER_MINUTE = 350
_WORDS_PER_MINUTE = 200


@dataclass(frozen=True)
class Row:
    """One step of an article: the reader's language, and the other language beside it when asked for."""

    anchor: str
    first: tuple[Section, ...]
    second: tuple[Section, ...] = ()

    @property
    def heading(self) -> Section | None:
        """The section that names this row in the page's list of contents."""
        return next((section for section in self.first if section.title), None)


def rows(first: str, second: str = "") -> list[Row]:
    """The text step by step; with `second`, both languages in the same rows.

    Texts that are not built alike cannot be paired step by step: they become one row, whole beside whole.
    """
    ours, theirs = sections(first), sections(second)
    if second and len(ours) != len(theirs):
        return [Row("s1", tuple(ours), tuple(theirs))]
    beside = [(section,) for section in theirs] if second else [()] * len(ours)
    return [Row(f"s{place}", (left,), right) for place, (left, right) in enumerate(zip(ours, beside, strict=True), 1)]


def minutes(source: str) -> int:
    """Reading time, at least one minute."""
    spent = len(_HAN.findall(source)) / _HAN_PER_MINUTE + len(_WORD.findall(source)) / _WORDS_PER_MINUTE
    return max(1, round(spent))
