"""统一社会信用代码, the identity number of organisations in China, by GB 32100-2015."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crmcore.text_search import fold

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18
_BASE = 31


def credit_code(text: str) -> str:
    """A code as it is stored: capitals and digits without spaces or hyphens."""
    return fold(text).replace(" ", "").replace("-", "").upper()


def last_sign(stem: str) -> str:
    """The check sign that belongs behind the first seventeen."""
    total = sum(_SIGNS.index(sign) * pow(3, place, _BASE) for place, sign in enumerate(stem))
    return _SIGNS[-total % _BASE]


def check_credit_code(text: str) -> None:
    """Raise ValidationError unless this is such a code with its right last sign."""
    code = credit_code(text)
    if len(code) != _LENGTH or not set(code) <= set(_SIGNS):
        raise ValidationError(_("A credit code has 18 digits and capitals, without I, O, S, V and Z."))
    if last_sign(code[:-1]) != code[-1]:
        raise ValidationError(_("The last sign does not fit the others. Please compare with the licence."))
