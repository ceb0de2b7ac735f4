"""What is typed into the one box: words, and filters written `type:complaint owner:me`, in English or Chinese."""

import re
from dataclasses import dataclass, field

LONGEST = 300
# Every name of a filter, in either language, to the one that is meant.
NAMES = {
    "in": "in",
    "范围": "in",
    "type": "type",
    "类型": "type",
    "status": "status",
    "状态": "status",
    "is": "is",
    "owner": "owner",
    "assignee": "owner",
    "负责人": "owner",
    "queue": "queue",
    "队列": "queue",
    "priority": "priority",
    "优先级": "priority",
    "channel": "channel",
    "渠道": "channel",
    "tag": "tag",
    "标签": "tag",
    "stage": "stage",
    "阶段": "stage",
    "level": "level",
    "等级": "level",
    "customer": "customer",
    "客户": "customer",
    "after": "after",
    "晚于": "after",
    "before": "before",
    "早于": "before",
}
_PIECE = re.compile(r'(?P<name>[^\s:："]+)[:：](?P<value>"[^"]*"|[^\s"]+)|"[^"]*"|\S+')


@dataclass(frozen=True)
class Written:
    """The words, the filters in their order, and the text as it was typed."""

    text: str = ""
    words: str = ""
    filters: list[tuple[str, str]] = field(default_factory=list)

    def without(self, name: str, value: str) -> str:
        """The text without one filter."""
        kept = [(one, its) for one, its in self.filters if (one, its) != (name, value)]
        return " ".join([*(f"{one}:{_quoted(its)}" for one, its in kept), *([self.words] if self.words else [])])


def read(text: str) -> Written:
    """What a text asks for. What looks like a filter and has no known name is words, as in `error:42`."""
    words, filters = [], []
    for piece in _PIECE.finditer(text[:LONGEST]):
        name = NAMES.get((piece["name"] or "").casefold())
        if name:
            filters.append((name, piece["value"].strip('"')))
        else:
            words.append(piece[0].strip('"'))
    return Written(text[:LONGEST].strip(), " ".join(words).strip(), list(dict.fromkeys(filters)))


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
