"""The roles that a new desk begins with."""

from dataclasses import dataclass
from typing import Any

from crmcore.permissions import ACTIONS, NOUNS, Scope


@dataclass(frozen=True)
class ShippedRole:
    """`lines` are `scope: actions: nouns` in words; a later line wins."""

    code: str
    name: str
    name_zh: str
    lines: tuple[str, ...]

    def grants(self) -> dict[tuple[str, str], Scope]:
        """The cells of the matrix that are not empty."""
        cells: dict[tuple[str, str], Scope] = {}
        for line in self.lines:
            scope, actions, nouns = (part.split() for part in line.split(":"))
            for noun in NOUNS if nouns == ["everything"] else nouns:
                for action in ACTIONS if actions == ["do"] else actions:
                    cells[noun, action] = Scope[scope[0].upper()]
        return cells


SHIPPED_ROLES = (
    ShippedRole(
        "agent",
        "Agent",
        "坐席",
        (
            "all: view create edit: account contact",
            "team: view edit assign: ticket",
            "all: create: ticket",
            "team: view: call",
            "own: edit assign: call",
            "own: view: recording",
            "own: view: campaign",
            "team: view edit: opportunity quote contract",
            "all: create: opportunity quote contract",
            "all: view: payment article queue",
            "all: create: lead",
            "team: view edit: lead",
            "all: create edit: article",
            "all: view: api",
            "team: view create edit assign: dispatch",
        ),
    ),
    ShippedRole(
        "supervisor",
        "Supervisor",
        "班长",
        (
            "all: view create edit merge assign: account contact",
            "subtree: view edit assign export: ticket",
            "all: create: ticket",
            "subtree: view edit assign: call",
            "subtree: view edit export: recording",
            "subtree: view create edit export: campaign",
            "subtree: view edit assign: opportunity quote contract",
            "all: create: opportunity quote contract",
            "all: view create edit: payment",
            "all: view create edit assign export: lead",
            "all: view create edit delete: article",
            "all: view edit: queue",
            "all: view: board report api",
            "all: export: report",
            "subtree: view edit: user",
            "subtree: view create edit assign: dispatch",
        ),
    ),
    ShippedRole(
        "sales",
        "Sales",
        "销售",
        (
            "all: view: account contact",
            "all: create: account contact opportunity quote contract ticket",
            "all: view: payment",
            "own: edit: account contact",
            "team: view edit: opportunity quote contract",
            "all: create: lead",
            "team: view edit: lead",
            "own: view edit: ticket",
            "all: view: article queue api",
        ),
    ),
    ShippedRole("admin", "Administrator", "管理员", ("all: do: everything",)),
    ShippedRole("technician", "Technician", "上门工程师", ("own: view edit: dispatch", "all: view: article")),
    ShippedRole(
        "customer",
        "Customer",
        "客户",
        (
            "own: view: account contact ticket call dispatch",
            "own: create edit: ticket",
            "own: edit: dispatch",
            "own: create: call",
            "all: view: article",
        ),
    ),
)


def grant_noun(noun: str, role_model: Any, grant_model: Any) -> None:
    """Give the shipped roles of an older desk their rights on a noun that is new to it. Takes historical models too."""
    for shipped in SHIPPED_ROLES:
        role = role_model.objects.filter(code=shipped.code).first()
        cells = {cell: scope for cell, scope in shipped.grants().items() if cell[0] == noun and role is not None}
        for (_noun, action), scope in cells.items():
            grant_model.objects.get_or_create(role=role, noun=noun, action=action, defaults={"scope": scope})


def install_roles(role_model: Any, grant_model: Any) -> None:
    """Create the shipped roles that are missing; what an administrator changed in existing ones stays.

    Takes the two models as arguments, so that a migration can pass the historical ones.
    """
    for shipped in SHIPPED_ROLES:
        role, created = role_model.objects.get_or_create(
            code=shipped.code,
            defaults={"name": shipped.name, "name_zh": shipped.name_zh},
        )
        if created:
            cells = shipped.grants().items()
            grant_model.objects.bulk_create(
                grant_model(role=role, noun=noun, action=action, scope=scope) for (noun, action), scope in cells
            )
