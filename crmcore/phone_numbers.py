"""Phone numbers: any written form to E.164 and back to the form that people read."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from babel import Locale
from babel.core import get_global
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

DEFAULT_REGION = "CN"

WITHHELD_WORDS = frozenset(
    [
        "anonymous",
        "restricted",
        "unavailable",
        "unknown",
        "private",
        "blocked",
        "withheld",
        "none",
        "匿名",
        "未知",
        "未显示号码",
    ]
)
# The words anonymous, restricted, blocked, unknown and unavailable as typed on a keypad; the last two even
# parse as numbers in China, so validity alone does not find them.
WITHHELD_DIGITS = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253"})

_EXTENSION = re.compile(
    r"[\s,;(（-]*(?:转|轉|分机|分機|内线|內線|ext(?:ension)?|x|#)[\s.:：]*(\d{1,7})[)）\s]*$",
    re.IGNORECASE,
)
_SIP = re.compile(r"^(?:sips?|tel):([^@;]+)", re.IGNORECASE)
_SHORT_LENGTHS = range(3, 7)
_CHINESE_MOBILE = re.compile(r"1[3-9]\d{9}")
_CHINESE_WITHOUT_AREA = re.compile(r"1[3-9]\d{9}|[48]00\d{7}")


class Kind(StrEnum):
    """What a written form turned out to be."""

    NUMBER = "number"
    SHORT = "short"
    WITHHELD = "withheld"
    UNREADABLE = "unreadable"


class LineType(StrEnum):
    """What stands at the other end, as far as the number alone tells."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    TOLL_FREE = "toll_free"
    SHARED_COST = "shared_cost"
    PREMIUM = "premium"
    VOIP = "voip"
    SERVICE = "service"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str | Promise:
        """The type in the reader's words."""
        return _LINE_TYPE_LABELS[self]


_LINE_TYPE_LABELS: dict[LineType, str | Promise] = {
    LineType.MOBILE: _("Mobile"),
    LineType.LANDLINE: _("Landline"),
    LineType.TOLL_FREE: _("Freephone"),
    LineType.SHARED_COST: _("Shared cost"),
    LineType.PREMIUM: _("Premium rate"),
    LineType.VOIP: _("Internet phone"),
    LineType.SERVICE: _("Service number"),
    LineType.UNKNOWN: _("Line type unknown"),
}

_LINE_TYPES = {
    PhoneNumberType.MOBILE: LineType.MOBILE,
    PhoneNumberType.FIXED_LINE: LineType.LANDLINE,
    PhoneNumberType.TOLL_FREE: LineType.TOLL_FREE,
    PhoneNumberType.SHARED_COST: LineType.SHARED_COST,
    PhoneNumberType.PREMIUM_RATE: LineType.PREMIUM,
    PhoneNumberType.VOIP: LineType.VOIP,
}


@dataclass(frozen=True)
class PhoneNumber:
    """A number as written and as stored. `value` is E.164, the bare digits of a short code, or empty."""

    raw: str
    value: str
    kind: Kind
    extension: str = ""
    is_valid: bool = False

    @property
    def is_withheld(self) -> bool:
        """Whether the caller hides the number: nothing to match, store or call back."""
        return self.kind is Kind.WITHHELD

    @property
    def is_callable(self) -> bool:
        """Whether there is a number at all that could be stored and compared."""
        return bool(self.value)


@dataclass(frozen=True)
class Place:
    """Where a number belongs, by its country code; numbers are portable, so this is approximate."""

    region: str
    line_type: LineType

    def country(self, language: str) -> str:
        """The country's name in `language` ("en", "zh-hans"), empty when unknown."""
        territories = Locale.parse(language.replace("-", "_"), resolve_likely_subtags=True).territories
        return str(territories.get(self.region, ""))


def normalise(raw: str, region: str = DEFAULT_REGION) -> PhoneNumber:
    """Read any written form; numbers without a country code belong to `region` (ISO 3166)."""
    text = unicodedata.normalize("NFKC", raw).strip()
    if sip := _SIP.match(text):
        text = sip[1]
    text, extension = _split_extension(text)
    digits = re.sub(r"\D", "", text)
    if text.casefold() in WITHHELD_WORDS or not text or digits in WITHHELD_DIGITS:
        return PhoneNumber(raw, "", Kind.WITHHELD)
    number = _parse(text, region)
    if number is None:
        return PhoneNumber(raw, "", Kind.UNREADABLE)
    national = phonenumbers.national_significant_number(number)
    if len(national) in _SHORT_LENGTHS and not phonenumbers.is_valid_number(number):
        return PhoneNumber(raw, national, Kind.SHORT)
    if not phonenumbers.is_possible_number(number):
        return PhoneNumber(raw, "", Kind.UNREADABLE)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return PhoneNumber(raw, e164, Kind.NUMBER, extension, phonenumbers.is_valid_number(number))


def pretty(value: str, home: str = DEFAULT_REGION, extension: str = "") -> str:
    """A stored value as people write it: 138 0013 8000, 010-6277 0334, 400-820-8820, +1 202-555-0147.

    Numbers of the `home` region and Chinese ones drop their country code.
    """
    number = _stored(value)
    if number is None:
        return value
    if number.country_code == 86:
        text = _pretty_chinese(phonenumbers.national_significant_number(number))
    elif phonenumbers.region_code_for_country_code(number.country_code or 0) == home:
        text = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    else:
        text = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return f"{text} ×{extension}" if extension else text


def mask(value: str) -> str:
    """A stored value with its middle hidden: 138****8000."""
    number = _stored(value)
    digits = phonenumbers.national_significant_number(number) if number else re.sub(r"\D", "", value)
    if len(digits) < 7:
        return digits[:1] + "****"
    if number and number.country_code == 86 and not _CHINESE_WITHOUT_AREA.fullmatch(digits):
        digits = f"0{digits}"
    return f"{digits[:3]}****{digits[-4:]}"


def tails(value: str) -> list[str]:
    """The last 4 to 8 digits, by which people look a number up."""
    digits = re.sub(r"\D", "", value)
    return [digits[-length:] for length in range(4, 9) if len(digits) >= length]


def region_of_time_zone(time_zone: str) -> str:
    """The country of an IANA time zone such as Asia/Shanghai; empty for UTC and unknown ones."""
    region: str = get_global("zone_territories").get(time_zone, "")
    return region if region in phonenumbers.SUPPORTED_REGIONS else ""


def is_region(code: str) -> bool:
    """Whether a country has this code (ISO 3166, capitals)."""
    return code in phonenumbers.SUPPORTED_REGIONS


def national_digits(value: str) -> str:
    """The digits of a stored value without its country code."""
    number = _stored(value)
    return phonenumbers.national_significant_number(number) if number else re.sub(r"\D", "", value)


def place_of(value: str) -> Place:
    """Country and line type of a stored value, known offline."""
    number = _stored(value)
    if number is None:
        return Place("", LineType.SERVICE if value else LineType.UNKNOWN)
    region = phonenumbers.region_code_for_number(number)
    region = region or phonenumbers.region_code_for_country_code(number.country_code or 0)
    national = phonenumbers.national_significant_number(number)
    if number.country_code == 86 and len(national) == 11 and re.match(r"1[3-9]", national):
        return Place(region, LineType.MOBILE)
    return Place(region, _LINE_TYPES.get(phonenumbers.number_type(number), LineType.UNKNOWN))


def _split_extension(text: str) -> tuple[str, str]:
    found = _EXTENSION.search(text)
    return (text[: found.start()], found[1]) if found and found.start() else (text, "")


def _parse(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    """The parsed number; a leading 00 counts as + also where the region dials abroad in another way."""
    forms = [text, re.sub(r"^\D*00", "+", text)] if re.match(r"\D*00\d", text) else [text]
    parsed = None
    for form in forms:
        try:
            parsed = phonenumbers.parse(form, region)
        except NumberParseException:
            continue
        if phonenumbers.is_possible_number(parsed):
            return parsed
    return parsed


def _stored(value: str) -> phonenumbers.PhoneNumber | None:
    if not value.startswith("+"):
        return None
    try:
        return phonenumbers.parse(value)
    except NumberParseException:
        return None


def _pretty_chinese(national: str) -> str:
    if _CHINESE_MOBILE.fullmatch(national):
        return f"{national[:3]} {national[3:7]} {national[7:]}"
    if _CHINESE_WITHOUT_AREA.fullmatch(national):
        return f"{national[:3]}-{national[3:6]}-{national[6:]}"
    area = 2 if re.match(r"10|2", national) else 3
    local = national[area:]
    return f"0{national[:area]}-{local[:-4]} {local[-4:]}"
