"""The matrix of rights as people set it: which actions mean something for which noun, and what both are called."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.permissions import Scope


@dataclass(frozen=True)
class MatrixRow:
    """One noun, with the actions that some page, API or screen asks for."""

    noun: str
    label: Promise
    actions: tuple[str, ...]


ACTION_LABELS: dict[str, Promise] = {
    "view": pgettext_lazy("right", "See"),
    "create": pgettext_lazy("right", "Create"),
    "edit": pgettext_lazy("right", "Change"),
    "assign": pgettext_lazy("right", "Assign"),
    "merge": pgettext_lazy("right", "Merge"),
    "export": pgettext_lazy("right", "Export"),
    "delete": pgettext_lazy("right", "Delete"),
}

SCOPE_LABELS: dict[Scope, Promise] = {
    Scope.NONE: pgettext_lazy("scope", "No"),
    Scope.OWN: pgettext_lazy("scope", "Own"),
    Scope.TEAM: pgettext_lazy("scope", "Team"),
    Scope.SUBTREE: pgettext_lazy("scope", "Team and below"),
    Scope.ALL: pgettext_lazy("scope", "All"),
}

MATRIX = (
    MatrixRow("account", _("Customers"), ("view", "create", "edit", "assign", "merge")),
    MatrixRow("contact", _("People at customers"), ("view", "create", "edit", "merge")),
    MatrixRow("opportunity", _("Opportunities"), ("view", "create", "edit", "assign")),
    MatrixRow("quote", _("Quotes"), ("view", "create", "edit", "assign")),
    MatrixRow("lead", _("Leads"), ("view", "create", "edit", "assign", "export")),
    MatrixRow("contract", _("Contracts"), ("view", "create", "edit", "assign")),
    MatrixRow("payment", _("Payments of customers"), ("view", "create", "edit")),
    MatrixRow("ticket", _("Tickets"), ("view", "create", "edit", "assign", "export")),
    MatrixRow("call", _("Calls"), ("view", "edit", "assign")),
    MatrixRow("recording", _("Recordings"), ("view", "edit", "export", "delete")),
    MatrixRow("campaign", _("Campaigns"), ("view", "create", "edit", "export")),
    MatrixRow("article", _("Articles"), ("view", "create", "edit", "delete")),
    MatrixRow("dispatch", _("Dispatch orders"), ("view", "create", "edit", "assign")),
    MatrixRow("queue", _("Queues"), ("view", "edit")),
    MatrixRow("board", _("Live board"), ("view",)),
    MatrixRow("report", _("Reports"), ("view", "export")),
    MatrixRow("user", _("Colleagues"), ("view", "create", "edit", "assign")),
    MatrixRow("settings", _("Settings"), ("edit",)),
    MatrixRow("api", _("API"), ("view",)),
)


def cells() -> list[tuple[str, str]]:
    """Every noun and action that can be set."""
    return [(row.noun, action) for row in MATRIX for action in row.actions]
