"""Reports that a mail of ours did not arrive: RFC 3464, and what servers say without it."""

import re
from dataclasses import dataclass
from email.message import Message

from tickets.mail.addresses import folded
from tickets.mail.encoded_words import header_text
from tickets.mail.mime import Parts, headers

_FIELD = re.compile(r"^([A-Za-z-]+):[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_ID = re.compile(r"<[^<>\s]{3,240}>")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_SENDERS = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|mdaemon)\b|^$", re.IGNORECASE)
_SUBJECTS = re.compile(
    r"undeliver(?:able|ed)|delivery status notification|returned mail|mail delivery (?:failed|failure|subsystem)"
    r"|delivery (?:failure|has failed|notification)|failure notice|message not delivered"
    r"|退信|无法投递|投递失败|邮件投递|发送失败|系统退信|无法送达|郵件傳遞失敗|未傳遞|配信不能|unzustellbar",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"(?:user|mailbox|recipient|account|address)[^\n]{0,40}(?:unknown|not found|does not exist|unavailable|full"
    r"|disabled|rejected)|no such (?:user|recipient)|quota exceeded|over quota|couldn't be (?:found|delivered)"
    r"|address rejected|permanent(?:ly)? (?:fatal )?(?:error|failure)|收件人.{0,12}不存在|邮箱.{0,8}(?:不存在|已满)"
    r"|用户不存在|地址不存在|拒收|无法送达",
    re.IGNORECASE,
)
_ANY_ADDRESS = re.compile(r"[^\s<>:：;；,，()（）\"]+@[^\s<>:：;；,，()（）\"]+")
_LONGEST_REASON = 300


@dataclass(frozen=True)
class Loss:
    """What became of one recipient. `is_final` is false while the server goes on trying."""

    email: str
    status: str
    reason: str
    is_final: bool


@dataclass(frozen=True)
class Bounce:
    """`message_ids` name the mail that came back, as far as the report tells."""

    losses: tuple[Loss, ...]
    message_ids: tuple[str, ...]


def bounce_in(message: "Message[str, str]", parts: Parts, text: str) -> Bounce | None:
    """The report that a message is, None for a letter."""
    report = "\n\n".join(words for kind, words in parts.reports if kind == "message/delivery-status")
    if report:
        losses = _by_standard(report)
        return Bounce(losses, _message_ids(message, parts, text)) if losses else None
    if not _looks_like_one(message):
        return None
    ids = _message_ids(message, parts, text)
    losses = tuple(loss for loss in _by_words(message, text) if f"<{loss.email}>" not in ids)
    return Bounce(losses, ids) if losses and (ids or _STATUS.search(text) or _FAILED.search(text)) else None


def _by_standard(report: str) -> tuple[Loss, ...]:
    """One block per recipient; delivered ones are no loss."""
    found = []
    for block in re.split(r"\n\s*\n", report.replace("\r\n", "\n")):
        fields = {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(block)}
        recipient = fields.get("original-recipient") or fields.get("final-recipient") or ""
        email = folded(recipient.partition(";")[2].strip() or recipient)
        action = fields.get("action", "failed").lower()
        if not email or action in ("delivered", "relayed", "expanded"):
            continue
        status = next((match[0] for match in [_STATUS.search(fields.get("status", ""))] if match), "")
        reason = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("diagnostic-code", "")
        found.append(Loss(email, status, reason[:_LONGEST_REASON], action == "failed"))
    return tuple(found)


def _by_words(message: "Message[str, str]", text: str) -> tuple[Loss, ...]:
    """Reports of qmail, Exim, old Exchange and Chinese providers: addresses and a reason in plain words."""
    named = [value for header in ("X-Failed-Recipients",) for value in headers(message, header)]
    addresses = [folded(part) for value in named for part in value.split(",")]
    if not any(addresses):
        addresses = [folded(found) for found in _ANY_ADDRESS.findall(text[:4_000])]
    own = {folded(value) for header in ("To", "From", "Delivered-To") for value in headers(message, header)}
    status = next((match[0] for match in [_STATUS.search(text)] if match), "")
    reason_at = _FAILED.search(text) or _STATUS.search(text)
    reason = _line_of(text, reason_at.start()) if reason_at else ""
    lost = [email for email in dict.fromkeys(addresses) if email and email not in own]
    return tuple(Loss(email, status, reason, not status.startswith("4")) for email in lost[:20])


def _looks_like_one(message: "Message[str, str]") -> bool:
    if headers(message, "X-Failed-Recipients"):
        return True
    sender = folded(" ".join(headers(message, "From"))) or " ".join(headers(message, "From"))
    local = re.sub(r".*<|@.*", "", sender)
    returns = [value.strip() for value in headers(message, "Return-Path")]
    by_robot = bool(_SENDERS.match(local)) or "<>" in returns
    subject = " ".join(headers(message, "Subject"))
    return by_robot and bool(_SUBJECTS.search(header_text(subject)))


def _message_ids(message: "Message[str, str]", parts: Parts, text: str) -> tuple[str, ...]:
    """The id of the returned mail: in its enclosed head, in the report's own references, or in its words."""
    found: list[str] = []
    for enclosed in parts.enclosed:
        found += _ID.findall(" ".join(headers(enclosed, "Message-ID")))
    for kind, words in parts.reports:
        if kind == "text/rfc822-headers":
            fields = _FIELD.findall(words)
            found += [one for name, value in fields if name.lower() == "message-id" for one in _ID.findall(value)]
    for header in ("In-Reply-To", "References", "X-Original-Message-ID"):
        found += _ID.findall(" ".join(headers(message, header)))
    for line in re.findall(r"^[ \t>]*message-id:[ \t]*(<[^<>\s]{3,240}>)", text, re.IGNORECASE | re.MULTILINE):
        found.append(line)
    return tuple(dict.fromkeys(found))[:20]


def _line_of(text: str, at: int) -> str:
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    return " ".join(text[start : end if end >= 0 else None].split())[:_LONGEST_REASON]
