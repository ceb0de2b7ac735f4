"""Outgoing mail as bytes: words as text and simple HTML, the answer above what it answers."""

import base64
import html
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr

from tickets.mail.addresses import Address
from tickets.mail.mime import MailFile

MOST_REFERENCES = 20
_LINK = re.compile(r"(https?://[^\s<>\"']{4,400}[^\s<>\"'.,;:!?)\]。，；：！？）】])")


@dataclass(frozen=True)
class Letter:
    """A mail of ours. `references` from old to new; an automatic one asks machines not to answer it."""

    message_id: str
    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    sent_at: datetime
    cc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    signature: str = ""
    quote_head: str = ""
    quoted: str = ""
    files: tuple[MailFile, ...] = ()
    is_automatic: bool = False


def message_bytes(letter: Letter) -> bytes:
    """The mail as it goes over the wire; blind copies stand in the envelope alone."""
    words = MIMEMultipart("alternative", policy=compat32)
    words.attach(MIMEText(plain_text(letter), "plain", "utf-8", policy=compat32))
    words.attach(MIMEText(html_text(letter), "html", "utf-8", policy=compat32))
    message: Message[str, str] = words
    if letter.files:
        message = MIMEMultipart("mixed", policy=compat32)
        message.attach(words)
        for file in letter.files:
            message.attach(_attachment(file))
    for name, value in _headers(letter):
        message[name] = value
    return message.as_bytes(policy=compat32.clone(linesep="\r\n"))


def plain_text(letter: Letter) -> str:
    """Answer, signature, then what it answers behind '>'."""
    parts = [letter.text.strip("\n")]
    if letter.signature.strip():
        parts.append(f"-- \n{letter.signature.strip()}")
    if letter.quoted.strip():
        quoted = "\n".join(f"> {line}".rstrip() for line in letter.quoted.strip("\n").split("\n"))
        parts.append(f"{letter.quote_head}\n{quoted}".strip("\n"))
    return "\n\n".join(parts) + "\n"


def html_text(letter: Letter) -> str:
    """The same for programs that show HTML."""
    parts = [_paragraphs(letter.text)]
    if letter.signature.strip():
        parts.append(f"<p>-- <br>{_lines(letter.signature.strip())}</p>")
    if letter.quoted.strip():
        parts.append(f"<p>{html.escape(letter.quote_head)}</p><blockquote>{_paragraphs(letter.quoted)}</blockquote>")
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body>{"".join(parts)}</body></html>\n'


def _headers(letter: Letter) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = [
        ("From", _written(letter.sender)),
        ("To", ", ".join(map(_written, letter.to))),
        ("Subject", Header(_one_line(letter.subject), "utf-8", header_name="Subject").encode()),
        ("Date", format_datetime(letter.sent_at)),
        ("Message-ID", letter.message_id),
    ]
    if letter.cc:
        found.append(("Cc", ", ".join(map(_written, letter.cc))))
    if letter.reply_to:
        found.append(("Reply-To", _written(letter.reply_to)))
    if letter.in_reply_to:
        found.append(("In-Reply-To", letter.in_reply_to))
    if letter.references:
        found.append(("References", " ".join(_kept(letter.references))))
    if letter.is_automatic:
        found += [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"), ("Precedence", "bulk")]
    return found


def _kept(references: tuple[str, ...]) -> list[str]:
    """The root and the latest: a chain that only grows is refused one day."""
    if len(references) <= MOST_REFERENCES:
        return list(references)
    return [references[0], *references[1 - MOST_REFERENCES :]]


def _written(address: Address) -> str:
    return formataddr((_one_line(address.name), address.email), "utf-8")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_lines(part)}</p>" for part in re.split(r"\n{2,}", text.strip("\n")))


def _lines(text: str) -> str:
    safe = html.escape(text, quote=False)
    return _LINK.sub(r'<a href="\1">\1</a>', safe).replace("\n", "<br>\n")


def _attachment(file: MailFile) -> MIMEBase:
    main, _, sub = file.declared_type.partition("/")
    part = MIMEBase(main or "application", sub or "octet-stream", policy=compat32)
    part.add_header("Content-Transfer-Encoding", "base64")
    part.set_payload(base64.encodebytes(file.data).decode("ascii"))
    name = file.name if file.name.isascii() else ("utf-8", "", file.name)
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part
