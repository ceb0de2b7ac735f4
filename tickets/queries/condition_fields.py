"""What conditions may ask about a ticket and its customer: the fields, the values they take, where they are read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any

from django.core.cache import caches
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import Account, Queue, Team, User
from crmcore.queries.regions import used_regions
from tickets.field_values import FieldKind
from tickets.models import (
    Category,
    Priority,
    SlaTarget,
    StageFlowVersion,
    Tag,
    Ticket,
    TicketField,
    TicketStatus,
    TicketTag,
    TicketType,
)
from tickets.stage_flow import read_flow

OWN = "field:"
REMEMBERED_S = 5
# Teams and regions below a chosen one are meant with it, this many levels deep.
DEPTH = 5
ME = "me"
Choice = tuple[str | int, str]


class Kind(StrEnum):
    """What a field holds: a code of a fixed list, a row of a table by its id, text, a number, a moment, yes or no."""

    CODE = "code"
    ROW = "row"
    WORDS = "words"
    NUMBER = "number"
    MOMENT = "moment"
    FLAG = "flag"


@dataclass(frozen=True)
class Field:
    """One thing to ask about. Several `paths` are asked one after the other: any of them may hold the value.

    A path is a lookup from the ticket, the same for the database and for a ticket in memory. What holds many values at
    once says itself which tickets have one of some values, or any at all (`any_of`), and what a ticket has (`read`).
    `stored` writes a moment as the field keeps it.
    """

    code: str
    label: Promise | str
    kind: Kind
    paths: tuple[str, ...] = ()
    choices: Callable[[], Sequence[Choice]] = tuple
    any_of: Callable[[Sequence[Any] | None], Q] | None = None
    read: Callable[[Ticket], list[Any]] | None = None
    stored: Callable[[datetime], Any] = lambda moment: moment

    @property
    def is_own(self) -> bool:
        """Whether the desk made it; its answers lie in the ticket's document."""
        return self.code.startswith(OWN)

    @property
    def is_text_column(self) -> bool:
        """Whether an empty text says that nothing is known."""
        return self.kind in (Kind.CODE, Kind.WORDS) and not self.is_own

    def values(self, ticket: Ticket) -> list[Any]:
        """What the ticket holds at each path, None where a step leads nowhere."""
        if self.read:
            return self.read(ticket)
        return [reduce(_step, path.split("__"), ticket) for path in self.paths]


def fields() -> dict[str, Field]:
    """All fields by code, in the order in which they are offered; the desk's own last."""
    return _BUILT_IN | {field.code: field for field in map(_own, _own_fields())}


def field_called(code: str) -> Field | None:
    """The field of a code, None where there is none (any more)."""
    if not code.startswith(OWN):
        return _BUILT_IN.get(code)
    return next((_own(row) for row in _own_fields() if f"{OWN}{row.code}" == code), None)


def _step(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, dict) else None if row is None else getattr(row, name)


def _own_fields() -> list[TicketField]:
    """The desk's own fields, remembered for some seconds: every change of a ticket asks for them."""
    known: list[TicketField] | None = caches["memory"].get("condition-fields")
    if known is None:
        known = list(TicketField.objects.filter(is_active=True))
        caches["memory"].set("condition-fields", known, REMEMBERED_S)
    return known


def _own(row: TicketField) -> Field:
    """An own field; its answers lie by code in one JSON column."""
    kind, stored = _KINDS.get(FieldKind(row.kind), Kind.WORDS), _STORED.get(row.kind, lambda moment: moment)
    choices = _people if row.kind == FieldKind.COLLEAGUE else lambda: [(one.code, one.label) for one in row.all_choices]
    path = f"fields__{row.code}"
    if row.kind != FieldKind.CHOICES:
        return Field(f"{OWN}{row.code}", row.label, kind, (path,), choices, stored=stored)

    def any_of(values: Sequence[Any] | None) -> Q:
        if values is None:
            return Q(**{f"{path}__isnull": False})
        return reduce(or_, (Q(fields__contains={row.code: [value]}) for value in values))

    def read(ticket: Ticket) -> list[Any]:
        return list(ticket.fields.get(row.code, ()))

    return Field(f"{OWN}{row.code}", row.label, kind, (), choices, any_of, read)


def _upwards(path: str) -> tuple[str, ...]:
    """The lookups of a row in a tree and of all above it."""
    return tuple(f"{path}{'__parent' * level}_id" for level in range(DEPTH))


def _codes(codes: type[models.TextChoices]) -> Callable[[], list[Choice]]:
    return lambda: [(code, str(label)) for code, label in codes.choices if code]


def _rows(rows: Callable[[], Iterable[Any]]) -> Callable[[], list[Choice]]:
    return lambda: [(row.pk, str(row)) for row in rows()]


def _people() -> list[Choice]:
    staff = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name", "pk")
    return [(ME, str(_("me"))), *((person.pk, person.name) for person in staff)]


def _queues() -> list[Choice]:
    rows = Queue.objects.filter(is_active=True).order_by("name", "pk")
    return [(ME, str(_("my queues"))), *((queue.pk, queue.label) for queue in rows)]


def _teams() -> list[Choice]:
    return [(ME, str(_("my teams"))), *((team.pk, team.label) for team in Team.objects.order_by("path"))]


def _stages() -> list[Choice]:
    """The stages of all published flows."""
    documents = StageFlowVersion.objects.exclude(published_at=None).values_list("document", flat=True)
    found = {stage.code: stage.label for document in documents for stage in read_flow(document).stages}
    return list(found.items())


def _tagged(values: Sequence[Any] | None) -> Q:
    rows = TicketTag.objects.filter(ticket=OuterRef("pk"))
    return Q(Exists(rows if values is None else rows.filter(tag__in=values)))


def _tags_of(ticket: Ticket) -> list[Any]:
    return list(ticket.tags.values_list("pk", flat=True))


_KINDS = {
    FieldKind.WHOLE: Kind.NUMBER,
    FieldKind.DECIMAL: Kind.NUMBER,
    FieldKind.MONEY: Kind.NUMBER,
    FieldKind.DATE: Kind.MOMENT,
    FieldKind.MOMENT: Kind.MOMENT,
    FieldKind.YES_NO: Kind.FLAG,
    FieldKind.CHOICE: Kind.CODE,
    FieldKind.CHOICES: Kind.CODE,
    FieldKind.COLLEAGUE: Kind.ROW,
}
_STORED: dict[str, Callable[[datetime], Any]] = {
    FieldKind.DATE: lambda moment: moment.astimezone(UTC).date().isoformat(),
    FieldKind.MOMENT: lambda moment: moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z"),
}
_LANGUAGES: tuple[tuple[str, Promise], ...] = (("en", _("English")), ("zh-hans", _("Chinese")))


def _languages() -> list[Choice]:
    return [(code, str(label)) for code, label in _LANGUAGES]


_FIELDS: tuple[Field, ...] = (
    Field("type", _("Type"), Kind.ROW, ("type_id",), _rows(TicketType.objects.all)),
    Field("status", _("Status"), Kind.ROW, ("status_id",), _rows(TicketStatus.objects.all)),
    Field("category", _("Kind of status"), Kind.CODE, ("status__category",), _codes(Category)),
    Field("active", _("Still open"), Kind.FLAG, ("is_active",)),
    Field("priority", _("Priority"), Kind.CODE, ("priority",), _codes(Priority)),
    Field("channel", _("Came by"), Kind.CODE, ("channel",), _codes(Ticket.Channel)),
    Field("subject", _("Subject"), Kind.WORDS, ("subject",)),
    Field("queue", _("Queue"), Kind.ROW, ("queue_id",), _queues),
    Field("team", _("Team or one above it"), Kind.ROW, _upwards("queue__team"), _teams),
    Field("assignee", _("Assignee"), Kind.ROW, ("assignee_id",), _people),
    Field("opened_by", _("Opened by"), Kind.ROW, ("created_by_id",), _people),
    Field("tags", _("Tags"), Kind.ROW, (), _rows(Tag.objects.order_by("key").all), _tagged, _tags_of),
    Field("stage", _("Stage"), Kind.CODE, ("stage",), _stages),
    Field("waiting_on", _("Whose turn"), Kind.CODE, ("waiting_on",), _codes(Ticket.WaitingOn)),
    Field("sla", _("Clock"), Kind.CODE, ("sla_state",), _codes(Ticket.SlaState)),
    Field("sla_metric", _("Next clock"), Kind.CODE, ("sla_metric",), _codes(SlaTarget.Metric)),
    Field("grade", _("Customer's level"), Kind.CODE, ("account__grade",), _codes(Account.Grade)),
    Field("kind", _("Kind of customer"), Kind.CODE, ("account__kind",), _codes(Account.Kind)),
    Field("owner", _("Customer's owner"), Kind.ROW, ("account__owner_id",), _people),
    Field(
        "region",
        _("Region or one above it"),
        Kind.ROW,
        _upwards("account__region"),
        _rows(used_regions),
    ),
    Field("language", _("Customer's language"), Kind.CODE, ("contact__language",), _languages),
    Field("customer", _("Customer"), Kind.WORDS, ("account__name", "contact__name")),
    Field("opened", pgettext_lazy("moment", "Opened"), Kind.MOMENT, ("opened_at",)),
    Field("last_event", _("Last event"), Kind.MOMENT, ("last_event_at",)),
    Field("last_reply", _("Last reply"), Kind.MOMENT, ("last_reply_at",)),
    Field("solved", pgettext_lazy("moment", "Solved"), Kind.MOMENT, ("solved_at",)),
    Field("reopened", _("Times reopened"), Kind.NUMBER, ("reopened_count",)),
    Field("rating", _("Rating"), Kind.NUMBER, ("rating",)),
)
_BUILT_IN = {field.code: field for field in _FIELDS}
