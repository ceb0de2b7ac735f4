"""How much two customers look like one, as a score with its reasons; a person always decides."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CERTAIN = 80
LIKELY = 50


class Reason(StrEnum):
    """One piece of evidence."""

    CREDIT_CODE = "credit_code"
    PHONE = "phone"
    EMAIL = "email"
    WECHAT = "wechat"
    COMPANY_NAME = "company_name"
    NAME = "name"
    PINYIN = "pinyin"
    BIRTHDAY = "birthday"
    REGION = "region"
    OTHER_EMAIL = "other_email"

    @property
    def label(self) -> str | Promise:
        """The evidence in the reader's words."""
        return _LABELS[self]

    @property
    def points(self) -> int:
        """What the evidence weighs."""
        return _POINTS[self]


_LABELS: dict[Reason, str | Promise] = {
    Reason.CREDIT_CODE: _("same credit code"),
    Reason.BIRTHDAY: _("same birthday"),
    Reason.PHONE: _("same phone"),
    Reason.EMAIL: _("same e-mail"),
    Reason.WECHAT: _("same WeChat"),
    Reason.COMPANY_NAME: _("same company name"),
    Reason.NAME: _("same name"),
    Reason.PINYIN: _("sounds the same"),
    Reason.REGION: _("same region"),
    Reason.OTHER_EMAIL: _("another verified e-mail"),
}

# People share names, companies seldom do: only a company's name is enough for a suggestion by itself.
_POINTS = {
    Reason.CREDIT_CODE: 90,
    Reason.PHONE: 60,
    Reason.EMAIL: 60,
    Reason.WECHAT: 50,
    Reason.COMPANY_NAME: 50,
    Reason.NAME: 30,
    Reason.PINYIN: 15,
    Reason.BIRTHDAY: 15,
    Reason.REGION: 5,
    Reason.OTHER_EMAIL: -20,
}


@dataclass(frozen=True)
class Profile:
    """What is compared. `phones` leaves out shared ones; `name` is the company's core or the folded name."""

    name: str
    is_company: bool = False
    pinyin: str = ""
    region: int | None = None
    credit_code: str = ""
    born_on: date | None = None
    phones: frozenset[str] = field(default_factory=frozenset)
    emails: frozenset[str] = field(default_factory=frozenset)
    verified_emails: frozenset[str] = field(default_factory=frozenset)
    wechats: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Likeness:
    """The score and what speaks for it, the heaviest first."""

    score: int
    reasons: tuple[Reason, ...]

    @property
    def is_certain(self) -> bool:
        """Whether to warn in red."""
        return self.score >= CERTAIN

    @property
    def is_likely(self) -> bool:
        """Whether to suggest at all."""
        return self.score >= LIKELY


def compare(one: Profile, other: Profile) -> Likeness:
    """The likeness of two profiles; order does not matter."""
    evidence = {
        Reason.CREDIT_CODE: _same(one.credit_code, other.credit_code),
        Reason.BIRTHDAY: one.born_on is not None and one.born_on == other.born_on,
        Reason.PHONE: bool(one.phones & other.phones),
        Reason.EMAIL: bool(one.emails & other.emails),
        Reason.WECHAT: bool(one.wechats & other.wechats),
        Reason.COMPANY_NAME: _same(one.name, other.name) and one.is_company and other.is_company,
        Reason.NAME: _same(one.name, other.name) and not (one.is_company and other.is_company),
        Reason.PINYIN: _same(one.pinyin, other.pinyin),
        Reason.REGION: one.region is not None and one.region == other.region,
        Reason.OTHER_EMAIL: bool(one.verified_emails and other.verified_emails)
        and not one.verified_emails & other.verified_emails,
    }
    reasons = sorted((reason for reason, holds in evidence.items() if holds), key=lambda reason: -reason.points)
    return Likeness(sum(reason.points for reason in reasons), tuple(reasons))


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other
