"""Header values as people read them: RFC 2047 as it is written in the wild, and bytes that were never encoded."""

import base64
import binascii
import re

from tickets.mail.charsets import decoded

_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=", re.ASCII)
_BETWEEN = re.compile(r"\?=\s+=\?", re.ASCII)
_LONGEST = 10_000


def header_text(raw: str) -> str:
    """The value of a header in one line. Words that were cut through a letter are joined before they are read."""
    joined = _BETWEEN.sub("?==?", " ".join(raw[:_LONGEST].split()))
    pieces: list[str] = []
    pending, charset, at = b"", "", 0
    for word in _WORD.finditer(joined):
        between = joined[at : word.start()]
        label = word[1].partition("*")[0].lower()
        if pending and (between or label != charset):
            pieces.append(decoded(pending, charset))
            pending = b""
        if between:
            pieces.append(_plain(between))
        pending, charset, at = pending + _bytes_of(word[2], word[3]), label, word.end()
    if pending:
        pieces.append(decoded(pending, charset))
    pieces.append(_plain(joined[at:]))
    return " ".join("".join(pieces).split())


def _bytes_of(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding in "bB":
        raw = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        try:
            return base64.b64decode(raw + b"=" * (-len(raw) % 4))
        except binascii.Error:
            return base64.b64decode(raw[: len(raw) - len(raw) % 4])
    return binascii.a2b_qp(raw, header=True)


def _plain(text: str) -> str:
    """Text outside of encoded words; eight-bit bytes are guessed."""
    if text.isascii():
        return text
    return decoded(text.encode("utf-8", "surrogateescape"))
