"""Words by which customers leave and come back: the whole message is one of them, in whatever case."""

import re
import unicodedata
from enum import StrEnum

# CANCEL, END and QUIT answer questions too: they count only where the carrier says that they were meant so.
_LEAVING = frozenset({"stop", "stopall", "unsubscribe", "td", "t", "退订", "退訂", "拒收"})
_RETURNING = frozenset({"start", "unstop", "subscribe", "恢复", "订阅", "訂閱"})
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")


class Wish(StrEnum):
    """What such a message asks for."""

    LEAVE = "leave"
    RETURN = "return"


def wish_in(body: str, opt_out_type: str = "") -> Wish | None:
    """What the customer wants. `opt_out_type` is the carrier's own reading, where it has one."""
    told = {"stop": Wish.LEAVE, "start": Wish.RETURN}.get(opt_out_type.lower())
    if told is not None:
        return told
    word = _AROUND.sub("", unicodedata.normalize("NFKC", body).casefold())
    return Wish.LEAVE if word in _LEAVING else Wish.RETURN if word in _RETURNING else None


def names_a_way_out(line: str) -> bool:
    """Whether a line tells the reader a word by which to leave."""
    folded = unicodedata.normalize("NFKC", line).casefold()
    return bool(re.search(r"\b(stop|unsubscribe|td)\b", folded, re.ASCII)) or "退订" in folded or "退訂" in folded
