"""Who made a mail: a person, a robot that answers by itself, a list, a filter that calls it spam."""

import re
from dataclasses import dataclass
from email.message import Message

from tickets.mail.encoded_words import header_text
from tickets.mail.mime import headers

_AWAY = re.compile(
    r"^(?:auto(?:matic|matische)?[ -]?(?:reply|response|antwort)|out of (?:the )?office|away from|abwesen|abwesenheit"
    r"|自动回复|自動回覆|自动答复|不在办公室|休假|外出|réponse automatique|respuesta automática|自動応答|不在通知)",
    re.IGNORECASE,
)
_ROBOTS = re.compile(
    r"^(?:no-?reply|do-?not-?reply|donotreply|mailer-daemon|postmaster|bounces?|auto-?reply)\b", re.IGNORECASE
)
_SPAM_SCORE = 5.0


@dataclass(frozen=True)
class Origin:
    """`is_robot`: no person wrote it, as in an away note (`is_away`). A list passes on what people wrote."""

    is_robot: bool
    is_away: bool
    is_list: bool
    is_spam: bool
    is_forged: bool

    @property
    def is_automatic(self) -> bool:
        """Whether it wants no answer."""
        return self.is_robot or self.is_list


def origin_of(message: "Message[str, str]", sender: str, subject: str) -> Origin:
    """Judge by headers first; a subject counts only as programs write it."""
    values = {name: _first(message, name) for name in _ASKED}
    submitted = values["Auto-Submitted"].partition(";")[0].strip()
    is_away = bool(_AWAY.match(subject)) or any(values[name] for name in _AWAY_MARKS)
    is_list = bool(values["List-Id"] or values["List-Unsubscribe"] or values["List-Post"])
    is_robot = (
        (submitted not in ("", "no"))
        or is_away
        or values["Precedence"] in ("junk", "auto_reply")
        or values["Return-Path"].replace(" ", "") == "<>"
        or bool(values["Feedback-ID"])
        or bool(_ROBOTS.match(sender))
    )
    is_list = is_list or values["Precedence"] in ("bulk", "list")
    return Origin(is_robot, is_away or submitted == "auto-replied", is_list, _is_spam(values), _is_forged(message))


def _is_spam(values: dict[str, str]) -> bool:
    score = re.search(r"-?\d+(?:\.\d+)?", values["X-MS-Exchange-Organization-SCL"])
    return (
        values["X-Spam-Flag"].startswith("yes")
        or values["X-Spam-Status"].startswith("yes")
        or values["X-Spam"].startswith(("yes", "true"))
        or values["X-Spam-Action"] in ("reject", "add header", "rewrite subject")
        or "sfv:spm" in values["X-Forefront-Antispam-Report"]
        or bool(score and float(score[0]) >= _SPAM_SCORE)
    )


def _is_forged(message: "Message[str, str]") -> bool:
    """Whether our own mail server, which writes the topmost result, says that the sender's domain disowns it."""
    return bool(re.search(r"\bdmarc\s*=\s*fail", _first(message, "Authentication-Results")))


def _first(message: "Message[str, str]", name: str) -> str:
    return header_text(next(iter(headers(message, name)), "")).lower().strip()


_AWAY_MARKS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autoresponse")
_ASKED = (
    *_AWAY_MARKS,
    "Auto-Submitted",
    "Precedence",
    "List-Id",
    "List-Unsubscribe",
    "List-Post",
    "Return-Path",
    "Feedback-ID",
    "X-Spam-Flag",
    "X-Spam-Status",
    "X-Spam",
    "X-Spam-Action",
    "X-Forefront-Antispam-Report",
    "X-MS-Exchange-Organization-SCL",
)
