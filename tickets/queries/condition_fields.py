"""What conditions may ask about a ticket and its customer: the fields, the values they take, where they are read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import Account, Queue, Region, Team, User
from tickets.models import Category, Priority, SlaTarget, Ticket, TicketStatus, TicketType

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

    A path is a lookup from the ticket, the same for the database and for a ticket in memory.
    """

    code: str
    label: Promise | str
    kind: Kind
    paths: tuple[str, ...]
    choices: Callable[[], Sequence[Choice]] = tuple

    def values(self, ticket: Ticket) -> list[Any]:
        """What the ticket holds at each path, None where a step leads nowhere."""
        return [reduce(_step, path.split("__"), ticket) for path in self.paths]


def fields() -> dict[str, Field]:
    """All fields by code, in the order in which they are offered."""
    return {field.code: field for field in _FIELDS}


def _step(row: Any, name: str) -> Any:
    return None if row is None else getattr(row, name)


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


_LANGUAGES: tuple[tuple[str, Promise], ...] = (("en", _("English")), ("zh-hans", _("Chinese")))


def _languages() -> list[Choice]:
    return [(code, str(label)) for code, label in _LANGUAGES]


_FIELDS = (
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
        _rows(Region.objects.order_by("code").all),
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
