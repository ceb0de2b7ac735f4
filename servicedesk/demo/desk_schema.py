"""The shape of `desk.yaml`: what both firms share."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CalendarText:
    """Hours in the form of `crmcore.working_time`."""

    code: str
    name: str
    name_zh: str
    time_zone: str
    weekly: dict[str, Any]
    overrides: list[dict[str, Any]]


@dataclass(frozen=True)
class SkillText:
    code: str
    name: str
    name_zh: str


@dataclass(frozen=True)
class NumbersText:
    """A number sequence, started so that the thread `story` gets `number`."""

    key: str
    prefix: str
    story: str
    number: int


@dataclass(frozen=True)
class QueueText:
    code: str
    name: str
    name_zh: str
    team: str
    calendar: str
    language: str
    numbers: str
    skills: dict[str, int]
    service_level_target: int
    wrap_up_s: int


@dataclass(frozen=True)
class LineText:
    number: str
    name: str
    name_zh: str
    queue: str
    language: str
    region: str


@dataclass(frozen=True)
class WallboardText:
    token: str
    name: str
    name_zh: str
    language: str
    queues: tuple[str, ...]


@dataclass(frozen=True)
class PolicyText:
    """Promises to accounts of one grade: open hours by metric for low, normal, high and urgent."""

    code: str
    name: str
    name_zh: str
    grade: str
    pauses: tuple[str, ...]
    targets: dict[str, list[float]]


@dataclass(frozen=True)
class DeskText:
    calendars: tuple[CalendarText, ...]
    skills: tuple[SkillText, ...]
    numbers: tuple[NumbersText, ...]
    queues: tuple[QueueText, ...]
    lines: tuple[LineText, ...]
    wallboards: tuple[WallboardText, ...]
    policy: PolicyText
