"""Reading the fields of a report: too long, of the wrong kind or unreadable is refused with a reason."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

PROVIDER = "cti"
LONGEST_CALL_ID = 250
LONGEST_NUMBER = 120
_LONGEST_KEY = 90


class BadEvent(ValueError):
    """The event lacks a field or carries a wrong one; the message says which."""


def text(fields: Mapping[str, object], name: str, longest: int) -> str:
    """A field's text without surrounding space, empty when it is missing. Raises BadEvent."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise BadEvent(f"{name} must be text")
    read = str(value).strip()
    if len(read) > longest:
        raise BadEvent(f"{name} is longer than {longest} characters")
    if not _is_storable(read):
        raise BadEvent(f"{name} has a character that is no text")
    return read


def needed(fields: Mapping[str, object], name: str, longest: int) -> str:
    """A field that must be there. Raises BadEvent."""
    read = text(fields, name, longest)
    if not read:
        raise BadEvent(f"{name} is missing")
    return read


def choice(fields: Mapping[str, object], name: str, among: tuple[str, ...], usual: str = "") -> str:
    """One word of a few. Raises BadEvent."""
    word = text(fields, name, 40) or usual
    if word not in among:
        raise BadEvent(f"{name} must be one of {', '.join(among)}")
    return word


def moment(fields: Mapping[str, object], name: str) -> datetime | None:
    """A time in ISO 8601 with its zone. Raises BadEvent."""
    written = text(fields, name, 40)
    if not written:
        return None
    try:
        read = datetime.fromisoformat(written)
        if read.tzinfo is not None:
            return read.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadEvent(f"{name} must be a time with its zone, such as 2026-03-01T09:30:00+08:00")


def names(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    """A name or a list of names. Raises BadEvent."""
    value = fields.get(name) or fields.get(f"{name}[]") or ()
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list | tuple) or not all(isinstance(each, str) for each in found):
        raise BadEvent(f"{name} must be a name or a list of names")
    if not all(_is_storable(each) for each in found):
        raise BadEvent(f"{name} has a character that is no text")
    return tuple(each.strip() for each in found if each.strip())


def call_key(exchange_id: int, call_id: str) -> str:
    """The name of a call among those of all exchanges: two of them may count alike."""
    written = f"{exchange_id}:{call_id}"
    return written if len(written) <= _LONGEST_KEY else f"{exchange_id}:{sha256(call_id.encode()).hexdigest()}"


def _is_storable(read: str) -> bool:
    """Neither NUL nor half of a surrogate pair: JSON can carry both, the database can not."""
    return "\x00" not in read and not any("\ud800" <= letter <= "\udfff" for letter in read)
