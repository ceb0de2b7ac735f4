"""What a check of the installation found, for the doctor's lines and the settings' pages alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """The larger, the worse; as a number, what a command may exit with."""

    OK = 0
    WARNING = 1
    FAULT = 2


@dataclass(frozen=True)
class Finding:
    """`text` says what is the case, `remedy` what to do about it."""

    subject: str
    text: str
    level: Level = Level.OK
    remedy: str = ""


def worst(findings: Iterable[Finding]) -> Level:
    """The worst of the levels, OK when there is nothing."""
    return max((finding.level for finding in findings), default=Level.OK)
