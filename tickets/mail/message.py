"""One incoming mail, read whole: who, to whom, which words are new, what is attached, what kind it is."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from tickets.mail import threads
from tickets.mail.addresses import Address, addresses
from tickets.mail.bounces import Bounce, bounce_in
from tickets.mail.encoded_words import header_text
from tickets.mail.mime import MailFile, headers, parts_of, read
from tickets.mail.origins import Origin, origin_of
from tickets.mail.quoting import Words, split_words

_DELIVERED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To")


@dataclass(frozen=True)
class ParsedMail:
    """`sender` is None where nobody is named. `delivered_to` is what our own servers noted."""

    message_id: str
    references: tuple[str, ...]
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[Address, ...]
    subject: str
    sent_at: datetime | None
    words: Words
    files: tuple[MailFile, ...]
    origin: Origin
    bounce: Bounce | None
    is_cut: bool
    fingerprint: str

    @property
    def recipients(self) -> tuple[Address, ...]:
        """Everybody whom the mail names or was handed to."""
        return (*self.to, *self.cc, *self.delivered_to)


def parse(raw: bytes) -> ParsedMail:
    """Read a mail from its bytes; nothing in it can make this fail."""
    message = read(raw)
    parts = parts_of(message)
    text = parts.text
    sender = next(iter(addresses(headers(message, "From"))), None) or next(
        iter(addresses(headers(message, "Sender"))), None
    )
    subject = header_text(next(iter(headers(message, "Subject")), ""))
    bounce = bounce_in(message, parts, text)
    return ParsedMail(
        message_id=threads.message_id(message),
        references=threads.references(message),
        sender=sender,
        reply_to=addresses(headers(message, "Reply-To")),
        to=addresses(headers(message, "To")),
        cc=addresses(headers(message, "Cc")),
        delivered_to=addresses(value for name in _DELIVERED for value in headers(message, name)),
        subject=subject,
        sent_at=_moment(next(iter(headers(message, "Date")), "")),
        words=Words(text.strip("\n")) if bounce else split_words(text),
        files=tuple(parts.files),
        origin=origin_of(message, sender.email if sender else "", subject),
        bounce=bounce,
        is_cut=parts.is_cut,
        fingerprint=_fingerprint(message, raw),
    )


def _fingerprint(message: "Message[str, str]", raw: bytes) -> str:
    """The same for copies of one mail that came by different ways, another for another mail with the same id."""
    _head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    kept = [value for name in ("Message-ID", "From", "Date", "Subject") for value in headers(message, name)[:1]]
    told = "\n".join(" ".join(value.split()) for value in kept).encode("utf-8", "surrogateescape")
    return hashlib.sha256(told + b"\n\n" + body.strip()).hexdigest()


def _moment(raw: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(header_text(raw))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        return found.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
