"""What can be approved: each package tells the engine about its own things, in its module `approvals`."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Q
from django.utils.functional import Promise

if TYPE_CHECKING:
    from crmcore.models import ApprovalRequest, Team, User


@dataclass(frozen=True)
class Fact:
    """A part of what is approved: what it is called and says, in both languages, and its value as it is stored."""

    code: str
    name: str
    name_zh: str
    text: str
    text_zh: str
    value: str


class Subject(ABC):
    """One kind of thing, such as tickets. `thing` is always a row of it."""

    code: ClassVar[str]
    label: ClassVar[Promise]

    @abstractmethod
    def locked(self, request: "ApprovalRequest") -> AbstractContextManager[Any]:
        """The thing of a request, nobody else's until the block ends; afterwards its screens are told.

        Raises crmcore.actions.approvals.Refused for one that can no longer be approved.
        """

    @abstractmethod
    def create(self, thing: Any, **values: Any) -> "ApprovalRequest":
        """The row of a new request about the thing."""

    @abstractmethod
    def about(self, thing: Any) -> tuple[str, str]:
        """The thing's own name among all things, as in ticket:42, and its title."""

    @abstractmethod
    def facts(self, thing: Any, codes: Collection[str]) -> list[Fact]:
        """What stands there now of these facts, in their order."""

    @abstractmethod
    def fact_choices(self) -> list[tuple[str, str]]:
        """The facts of which a plan can say that they are what is approved."""

    @abstractmethod
    def holds(self, conditions: Mapping[str, Any], thing: Any) -> bool:
        """Whether the thing meets a plan's conditions."""

    @abstractmethod
    def team(self, thing: Any) -> "Team | None":
        """Whose leader and tiers a plan means."""

    @abstractmethod
    def note(self, thing: Any, request: "ApprovalRequest", what: str, *, by: "User | None", at: datetime) -> None:
        """Write the outcome down where the thing's own story is told."""

    @abstractmethod
    def reach(self, user: "User") -> Q:
        """The requests about things that the person may see."""

    @abstractmethod
    def url(self, request: "ApprovalRequest", user: "User") -> str:
        """Where the thing is shown, empty for who may not see it."""


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Let things of this kind be approved. Raises ValueError for a code that is taken."""
    if subject.code in _subjects:
        raise ValueError(f"two subjects are called {subject.code}")
    _subjects[subject.code] = subject


def subject_called(code: str) -> Subject:
    """Raises KeyError."""
    return _subjects[code]


def subjects() -> Iterable[Subject]:
    return _subjects.values()


def fingerprint(facts: Iterable[Fact]) -> str:
    """The same for the same values, whatever they are called by now."""
    bare = [(fact.code, fact.value) for fact in facts]
    return hashlib.sha256(json.dumps(bare, ensure_ascii=False).encode()).hexdigest()
