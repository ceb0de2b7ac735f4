"""Reading the worlds from their files into the shapes of `schema`."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import yaml

from servicedesk.demo.desk_schema import DeskText
from servicedesk.demo.schema import World

FOLDER = Path(__file__).parent / "worlds"
DESK = Path(__file__).parent / "desk.yaml"
FOLLOW_UPS = Path(__file__).parent / "follow_ups.yaml"
FILES = {"teams": "staff", "threads": "tickets"}

T = TypeVar("T")


def world_codes() -> list[str]:
    """The worlds that have been written, the English one first."""
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def read_world(code: str) -> World:
    """One world. Raises ValueError where a file holds something that the schema does not know."""
    parts: dict[str, Any] = {"code": code}
    for part in fields(World):
        if part.name != "code":
            parts[part.name] = _load(code, part.name)
    return _shaped(World, parts, code)


def read_desk() -> DeskText:
    """What both worlds share. Raises ValueError as `read_world` does."""
    return _shaped(DeskText, read_yaml(DESK), "desk")


def _load(code: str, part: str) -> Any:
    if part == "follow_ups":
        return read_yaml(FOLLOW_UPS)[code]
    content = read_yaml(FOLDER / code / f"{FILES.get(part, part)}.yaml")
    return content[part] if isinstance(content, dict) else content


def read_yaml(path: Path) -> Any:
    """The content of one file, by the C parser where there is one."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=loader)  # noqa: S506 - the safe loader, in C


@cache
def _hints(shape: type[Any]) -> dict[str, Any]:
    return get_type_hints(shape)


def _shaped(shape: Callable[..., T], row: dict[str, Any], where: str) -> T:
    hints = _hints(shape)
    unknown = row.keys() - hints.keys()
    if unknown:
        raise ValueError(f"{where}: unknown {', '.join(sorted(unknown))}")
    values = {name: _value(hints[name], value, f"{where} {name}") for name, value in row.items()}
    try:
        return shape(**values)
    except TypeError as error:
        raise ValueError(f"{where}: {error}") from error


def _value(hint: Any, value: Any, where: str) -> Any:
    if get_origin(hint) is tuple:
        return tuple(_items(get_args(hint)[0], value, where))
    if get_args(hint) and NoneType in get_args(hint):
        return None if value is None else _value(get_args(hint)[0], value, where)
    if is_dataclass(hint):
        return _shaped(hint, value, f"{where} {value.get('key', '')}".strip())  # type: ignore[arg-type]
    if hint in (str, int, bool) and not isinstance(value, hint):
        raise ValueError(f"{where}: {value!r} is not a {hint.__name__}")
    return value.rstrip("\n") if hint is str else value


def _items(hint: Any, values: Any, where: str) -> Iterator[Any]:
    for number, value in enumerate(values or (), start=1):
        yield _value(hint, value, f"{where} {number}")
