"""The parts of a message: its words, and what is attached; bounded, whatever nests in what."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from tickets.mail.charsets import decoded
from tickets.mail.encoded_words import header_text
from tickets.mail.flowed import unflowed
from tickets.mail.html_text import text_of_html

DEEPEST = 30
MOST_PARTS = 300
LONGEST_TEXT = 400_000
_WORDS = frozenset({"text/plain", "text/html"})
_REPORTS = frozenset({"message/delivery-status", "text/rfc822-headers", "message/feedback-report"})


@dataclass(frozen=True)
class MailFile:
    """Something attached; `content_id` where the text shows it in its place."""

    name: str
    data: bytes
    declared_type: str
    content_id: str = ""
    is_inline: bool = False


@dataclass
class Parts:
    """What a walk has found: texts in their order, files, and the reports of mail systems by their type."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    files: list[MailFile] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)
    enclosed: list["Message[str, str]"] = field(default_factory=list)
    is_cut: bool = False

    @property
    def text(self) -> str:
        """The words; those written as HTML only where no plain ones say as much."""
        plain = "\n\n".join(part.strip("\n") for part in self.plain if part.strip())
        if plain or not self.html:
            return plain[:LONGEST_TEXT]
        return "\n\n".join(filter(None, (text_of_html(part) for part in self.html)))[:LONGEST_TEXT]


def read(raw: bytes) -> "Message[str, str]":
    """The message, never a refusal: one that nests without end becomes its own head with an empty body."""
    try:
        return message_from_bytes(raw, policy=compat32)
    except RecursionError:
        head, _, _ = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
        kept = b"\n".join(line for line in head.split(b"\n") if not line.lower().startswith(b"content-type:"))
        return message_from_bytes(kept + b"\n\n", policy=compat32)


def headers(message: "Message[str, str]", name: str) -> list[str]:
    """The raw values of a header, bytes that are no ASCII kept as surrogates."""
    wanted = name.lower()
    return [str(value) for key, value in message.raw_items() if key.lower() == wanted]


def parts_of(message: "Message[str, str]") -> Parts:
    """Walk a message once. An alternative gives its plain words, or its HTML where those are empty."""
    parts = Parts()
    for place, (part, alternatives) in enumerate(_leaves(message)):
        if place >= MOST_PARTS:
            parts.is_cut = True
            break
        _sort(part, parts, alternatives)
    return parts


def _leaves(message: "Message[str, str]") -> Iterator[tuple["Message[str, str]", int]]:
    """The parts without parts in reading order, each with how many alternatives enclose it."""
    waiting: list[tuple[Message[str, str], int, int]] = [(message, 0, 0)]
    while waiting:
        part, depth, alternatives = waiting.pop()
        kind = part.get_content_type()
        inner = part.get_payload()
        if kind.startswith("multipart/") and isinstance(inner, list) and depth < DEEPEST:
            inside = alternatives + (kind == "multipart/alternative")
            waiting.extend((child, depth + 1, inside) for child in reversed(inner) if isinstance(child, Message))
        else:
            yield part, alternatives


def _sort(part: "Message[str, str]", parts: Parts, alternatives: int) -> None:
    kind = part.get_content_type()
    name = _file_name(part)
    is_attachment = (part.get_content_disposition() or "") == "attachment"
    if kind in _REPORTS:
        parts.reports.append((kind, report_text(part)))
    elif kind == "message/rfc822" or kind == "message/global":
        _enclosed(part, parts, name)
    elif kind.startswith("multipart/"):
        # No boundary, or nested without end: what can be read of it is words.
        _words(part, "text/plain", parts)
    elif kind in _WORDS and not is_attachment and not (name and not alternatives and _is_later(parts)):
        _words(part, kind, parts)
    else:
        content_id = header_text(str(part.get("Content-ID", ""))).strip("<> ")[:200]
        data = data_of(part)
        if data or name:
            is_inline = bool(content_id) and not is_attachment
            parts.files.append(MailFile(name or _name_for(kind), data, kind, content_id, is_inline))


def _is_later(parts: Parts) -> bool:
    return bool(parts.plain or parts.html)


def _words(part: "Message[str, str]", kind: str, parts: Parts) -> None:
    data = data_of(part)[: 4 * LONGEST_TEXT]
    label = str(part.get_param("charset", "") or "")
    if kind == "text/html":
        parts.html.append(decoded(data, label or _charset_in_html(data)))
        return
    text = decoded(data, label).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if str(part.get_param("format", "") or "").lower() == "flowed":
        text = unflowed(text, drops_space=str(part.get_param("delsp", "") or "").lower() == "yes")
    parts.plain.append(text)


def _enclosed(part: "Message[str, str]", parts: Parts, name: str) -> None:
    """A message within the message: kept as a file, read only where a report speaks of it."""
    inner = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        parts.enclosed.append(inner[0])
        try:
            data = inner[0].as_bytes(policy=compat32)
        except (UnicodeError, RecursionError, LookupError, KeyError):
            data = b""
        subject = header_text(next(iter(headers(inner[0], "Subject")), ""))[:60]
        parts.files.append(MailFile(name or f"{subject or 'message'}.eml", data, "message/rfc822"))


def report_text(part: "Message[str, str]") -> str:
    """The fields of a report, which Python reads as messages of their own."""
    inner = part.get_payload()
    if isinstance(inner, list):
        blocks = (
            "\n".join(f"{key}: {value}" for key, value in block.raw_items())
            for block in inner
            if isinstance(block, Message)
        )
        return "\n\n".join(blocks)
    return decoded(data_of(part))


def data_of(part: "Message[str, str]") -> bytes:
    """The decoded bytes of a leaf; a broken encoding gives as much as can be read."""
    if part.is_multipart():
        return b""
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", str(part.get_payload()).encode("ascii", "ignore"))
        try:
            return b64decode(letters + b"=" * (-len(letters) % 4))
        except binascii.Error:
            return b64decode(letters[: len(letters) - len(letters) % 4])
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _file_name(part: "Message[str, str]") -> str:
    """RFC 2231, RFC 2047 or bare bytes: senders use all of them."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        value = part.get_param(parameter, None, header)
        if isinstance(value, tuple):
            charset, _language, text = value
            return decoded(text.encode("latin-1", "replace"), charset or "")
        if value:
            return header_text(str(value))
    return ""


def _name_for(kind: str) -> str:
    main, _, sub = kind.partition("/")
    return f"{main}.{re.sub(r'[^a-z0-9]', '', sub)[:12] or 'bin'}"


def _charset_in_html(data: bytes) -> str:
    found = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", data[:4096], re.IGNORECASE)
    return found[1].decode("ascii") if found else ""
