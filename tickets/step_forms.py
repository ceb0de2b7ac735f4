"""Steps as rows of a form: what is to be done, and the value it takes. A form around them embeds `_steps.html`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from tickets.actions.steps import KINDS, Kind, Step, problems

MOST = 20


@dataclass(frozen=True)
class StepRow:
    """One row as it is shown; `key` is the beginning of its controls' names. Without a kind it is not filled in."""

    key: str
    kind: Kind | None = None
    value: str = ""
    error: str = ""

    @property
    def kinds(self) -> list[Kind]:
        return list(KINDS.values())

    @property
    def choices(self) -> list[tuple[str, str]]:
        return self.kind.choices() if self.kind and self.kind.choices else []

    @property
    def data(self) -> list[Any] | None:
        return [self.kind.code, self.value] if self.kind else None


class StepsForm:
    """The rows of steps as stored or as posted, with an empty one to add to."""

    def __init__(self, data: QueryDict | None = None, initial: Sequence[Step] = (), prefix: str = "do") -> None:
        self.prefix = prefix
        self.rows = list(self._posted(data) if data else self._stored(initial))

    @property
    def value(self) -> list[list[Any]]:
        return [row.data for row in self.rows if row.data]

    @property
    def error(self) -> str:
        """What is wrong with the rows as a whole."""
        return "" if self.value else _("Say what is to be done.")

    def is_valid(self) -> bool:
        return not self.error and not any(row.error for row in self.rows)

    def _stored(self, steps: Sequence[Step]) -> Iterator[StepRow]:
        for place, (code, value) in enumerate(steps):
            yield StepRow(f"{self.prefix}-{place}", KINDS.get(code), str(value))
        yield StepRow(f"{self.prefix}-{len(steps)}")

    def _posted(self, data: QueryDict) -> Iterator[StepRow]:
        places = sorted(place for name in data if (place := self._place(name)) is not None)
        rows = [read_step(data, f"{self.prefix}-{place}") for place in places[:MOST]]
        for row in rows:
            if row.data:
                yield StepRow(row.key, row.kind, row.value, " ".join(problems([row.data])))
        yield StepRow(f"{self.prefix}-{places[-1] + 1 if places else 0}")

    def _place(self, name: str) -> int | None:
        start, _dash, rest = name.partition("-")
        place, _dash, control = rest.partition("-")
        return int(place) if start == self.prefix and control == "kind" and place.isdecimal() else None


def read_step(data: QueryDict, key: str) -> StepRow:
    """The row of one key as it stands in a form."""
    kind = KINDS.get(data.get(f"{key}-kind", ""))
    value = data.get(f"{key}-value", "").strip()
    if kind and kind.choices and value not in dict(kind.choices()):
        value = ""
    return StepRow(key, kind, value)
