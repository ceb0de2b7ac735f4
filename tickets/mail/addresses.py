"""Addresses as headers write them, and what they are compared by."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crmcore.reserved_domains import is_reserved
from tickets.mail.encoded_words import header_text

_ADDRESS = re.compile(r"[^@\s<>(),;:\"\[\]\\]{1,64}@[^@\s<>(),;:\"\[\]\\]{1,190}")
_LOOSE = re.compile(r"[^\s<>(),;:\"\[\]]+@[^\s<>(),;:\"\[\]]+")
_PIECE = re.compile(
    r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=|\"(?:\\.|[^\"\\])*\"|\((?:\\.|[^()\\])*\)|<[^<>]*>|[,;:]|[^,;:\"(<=]+|."
)
_MOST = 200


@dataclass(frozen=True)
class Address:
    """`email` is folded to lower case; `name` is empty where the header gave none."""

    email: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]

    @property
    def is_reserved(self) -> bool:
        return is_reserved(self.domain)

    @property
    def shown(self) -> str:
        return self.name or self.email


def addresses(raw: Iterable[str]) -> tuple[Address, ...]:
    """All addresses of some header values, each once, groups opened; what is none is left out."""
    found: dict[str, Address] = {}
    for value in raw:
        # Some programs encode name and address in one.
        for name, written in _pairs(value) or _pairs(header_text(value)):
            email = folded(written)
            if email and len(found) < _MOST:
                found.setdefault(email, Address(email, _name(name, email)))
    return tuple(found.values())


def folded(written: str) -> str:
    """An address in the one spelling by which it is compared; empty if it is none."""
    text = header_text(written).strip().strip("<>'\"").lower()
    return text if _ADDRESS.fullmatch(text) and ".." not in text.partition("@")[2] else ""


def typed_addresses(text: str) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    """What a person typed into a field of addresses: those that are, and the words that are none."""
    wrong: list[str] = []
    found: dict[str, Address] = {}
    for part in re.split(r"[,;，；\n]+(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", text):
        if not part.strip():
            continue
        read = addresses([part])
        if len(read) == 1:
            found.setdefault(read[0].email, read[0])
        else:
            wrong.append(" ".join(part.split())[:80])
    return tuple(found.values()), tuple(wrong)


def without_tag(email: str) -> str:
    """`support+KW-1.x@desk.net` as `support@desk.net`."""
    local, at, domain = email.partition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def _pairs(value: str) -> list[tuple[str, str]]:
    """Names and addresses in any spelling; a name with a bare comma in it stays one name."""
    pairs: list[tuple[str, str]] = []
    phrase, address = "", ""
    for piece in [*_PIECE.findall(" ".join(value.split())), ","]:
        if piece in ",;":
            email = address or next(iter(_LOOSE.findall(phrase)), "")
            if email:
                pairs.append((phrase.replace(email, " ") if not address else phrase, email))
                phrase, address = "", ""
            else:
                phrase = f"{phrase}{piece} " if phrase.strip() else ""
        elif piece == ":" and "@" not in phrase:
            phrase = ""
        elif piece.startswith("<") and "@" in piece:
            address = piece[1:-1].removeprefix("mailto:")
        else:
            phrase += _unquoted(piece)
    return pairs


def _unquoted(piece: str) -> str:
    if len(piece) > 1 and piece[0] in '"(' and piece[-1] in '")':
        return re.sub(r"\\(.)", r"\1", piece[1:-1])
    return piece


def _name(raw: str, email: str) -> str:
    name = header_text(raw).strip(" ,;")
    name = name[1:-1].strip() if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"" else name
    return "" if name.lower() == email else name[:120]
