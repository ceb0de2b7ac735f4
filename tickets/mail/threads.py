"""To which conversation a mail belongs: message ids, and signed marks in addresses and subjects.

A mark is a conversation's name and a signature of it: nobody finds a conversation by guessing its number.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from email.message import Message

from tickets.mail.addresses import Address
from tickets.mail.mime import headers

_ID = re.compile(r"<[^<>\s]{3,240}>")
_NAME = r"[a-z0-9][a-z0-9-]{0,28}(?:~\d{1,10})?"
_TAG = re.compile(rf"({_NAME})\.([a-z2-7]{{16}})")
_IN_SUBJECT = re.compile(rf"\[({_NAME})[ .]([a-z2-7]{{16}})\]", re.IGNORECASE)
_ANSWERS = re.compile(
    r"^(?:(?:re|aw|sv|antw|fw|fwd|wg|tr|rv|回复|回覆|答复|答覆|转发|轉寄|轉發|返信|転送)(?:\[\d+\])?\s*[:：]\s*)+",
    re.IGNORECASE,
)
MOST_REFERENCES = 50


def message_id(message: "Message[str, str]") -> str:
    """The mail's own id with its brackets, empty where it has none."""
    found = _ID.findall(" ".join(headers(message, "Message-ID")))
    return found[0] if found else ""


def references(message: "Message[str, str]") -> tuple[str, ...]:
    """What it answers, the nearest first."""
    answered = _ID.findall(" ".join(headers(message, "In-Reply-To")))
    before = _ID.findall(" ".join(headers(message, "References")))
    return tuple(dict.fromkeys([*answered, *reversed(before)]))[:MOST_REFERENCES]


def mark(name: str, key: bytes) -> str:
    """The signed name of a conversation, `kw-20418.` and sixteen letters."""
    return f"{name.lower()}.{_signature(name, key)}"


def reply_address(mailbox: str, name: str, key: bytes) -> str:
    """The mailbox's address by which answers to a conversation come back."""
    local, _at, domain = mailbox.partition("@")
    return f"{local}+{mark(name, key)}@{domain}"


def subject_mark(name: str, key: bytes) -> str:
    """What stands at the end of a subject."""
    return f"[{name} {_signature(name, key)}]"


def marked_in_addresses(addresses: Iterable[Address], key: bytes) -> str:
    """The name (in small letters) of the conversation that one of these addresses stands for, empty if none does."""
    for address in addresses:
        found = _TAG.fullmatch(address.email.partition("@")[0].partition("+")[2])
        if found and hmac.compare_digest(_signature(found[1], key), found[2]):
            return found[1]
    return ""


def marked_in_subject(subject: str, key: bytes) -> str:
    """The same by the subject: the last resort, when a program dropped everything else."""
    for name, signature in _IN_SUBJECT.findall(subject):
        if hmac.compare_digest(_signature(name, key), signature.lower()):
            return str(name).lower()
    return ""


def bare_subject(subject: str) -> str:
    """A subject without Re:, 回复： and our mark."""
    return " ".join(_ANSWERS.sub("", _IN_SUBJECT.sub(" ", subject).strip()).split())


def _signature(name: str, key: bytes) -> str:
    digest = hmac.digest(key, b"mail:" + name.lower().encode(), hashlib.sha256)
    return base64.b32encode(digest[:10]).decode("ascii").lower()
