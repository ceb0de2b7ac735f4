"""Typed readers of environment variables; an odd value is refused with one clear line."""

import os
import secrets
from pathlib import Path

_YES = {"1", "true", "yes", "on"}
_NO = {"", "0", "false", "no", "off"}


class BadSetting(ValueError):
    """An environment variable holds a value that nobody can work with; the message is for the operator."""


def text(name: str, *, default: str) -> str:
    """The value without surrounding space, else what stands in the file that NAME_FILE names. Raises BadSetting.

    An empty variable counts as unset.
    """
    return os.environ.get(name, "").strip() or _in_file(f"{name}_FILE") or default


def flag(name: str, *, default: bool) -> bool:
    """A yes or a no. Raises BadSetting."""
    value = os.environ.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word not in _YES | _NO:
        raise BadSetting(f"{name}={value} is neither yes nor no; use 1 or 0.")
    return word in _YES


def number(name: str, *, default: int, at_least: int = 0) -> int:
    """A whole number. Raises BadSetting."""
    value = text(name, default=str(default))
    if not value.isascii() or not value.isdigit() or int(value) < at_least:
        raise BadSetting(f"{name}={value} is not a whole number of {at_least} or more.")
    return int(value)


def words(name: str, *, default: list[str]) -> list[str]:
    """A list separated by commas."""
    value = text(name, default="")
    return [word.strip() for word in value.split(",") if word.strip()] if value else default


def secret(name: str, *, stored_in: Path) -> str:
    """The variable's value, else the one kept in the file, made at the first use. Raises BadSetting."""
    value = text(name, default="")
    if value:
        return value
    try:
        if not stored_in.exists():
            _store(stored_in, secrets.token_urlsafe(48))
        return stored_in.read_text().strip()
    except OSError as error:
        raise BadSetting(f"{stored_in} cannot be used: {error.strerror}. Set {name} or DATA_DIR.") from error


def _in_file(name: str) -> str:
    path = os.environ.get(name, "")
    try:
        return Path(path).read_text().strip() if path else ""
    except OSError as error:
        raise BadSetting(f"{name}={path} cannot be read: {error.strerror}.") from error


def _store(path: Path, value: str) -> None:
    """Write beside and link into place: two processes that start together both read the winner's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    try:
        draft.write_text(value)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
