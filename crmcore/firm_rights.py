"""The modules of the entrance for outside firms, and what can be done in each; firms are given them one by one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SEE = "see"


@dataclass(frozen=True)
class Operation:
    """Something to do in a module; `cells` are the rights (noun, action) on rows that it takes."""

    code: str
    label: Promise
    cells: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Module:
    """A part of the entrance. Its first operation is to see it at all; without that the others are worth nothing."""

    code: str
    label: Promise
    summary: Promise
    icon: str
    url_name: str
    operations: tuple[Operation, ...]

    def key(self, operation: Operation) -> str:
        """How a firm's rights name the operation."""
        return f"{self.code}.{operation.code}"

    @property
    def see(self) -> str:
        return f"{self.code}.{SEE}"


_WORK = frozenset({("dispatch", "edit")})

VISITS = Module(
    "visits",
    _("Visits"),
    _("What was given to the firm, and its way from accepting to done."),
    "icon:truck",
    "field:today",
    (
        Operation(SEE, _("See the visits of the firm"), frozenset({("dispatch", "view")})),
        Operation("work", _("Accept, decline, go on and tick the checklist"), _WORK),
        Operation("photos", _("Add photos and the signature"), _WORK),
        Operation("costs", _("Write down parts and work"), _WORK),
        Operation("finish", _("Finish, or say that it came to nothing"), _WORK),
    ),
)
TICKETS = Module(
    "tickets",
    _("Tickets"),
    _("The tickets of customers for whom the firm drives out."),
    "icon:ticket",
    "partners:tickets",
    (
        Operation(SEE, _("See these tickets and what the firm wrote on them"), frozenset({("ticket", "view")})),
        Operation("conversation", _("Read what customer and desk wrote to each other")),
        Operation("comment", _("Write to the desk")),
        Operation("files", _("Add files")),
        Operation("status", _("Change the status")),
        Operation("solve", _("Solve")),
    ),
)
ARTICLES = Module(
    "articles",
    _("Knowledge"),
    _("Articles that outside firms may read."),
    "icon:book",
    "partners:articles",
    (
        Operation(SEE, _("Search and read articles"), frozenset({("article", "view")})),
        Operation("vote", _("Say whether an article helped")),
    ),
)
PRODUCTS = Module(
    "products",
    pgettext_lazy("of outside firms", "Warranty"),
    _("A product by its serial number: model, purchase and warranty, without its customer."),
    "icon:shield-check",
    "partners:products",
    (
        Operation(SEE, _("Look up products by their serial number")),
        Operation("history", _("See the firm's own visits to a product")),
    ),
)
MODULES = (VISITS, TICKETS, ARTICLES, PRODUCTS)

_CELLS = {module.key(one): one.cells for module in MODULES for one in module.operations}


def usual() -> list[str]:
    """What a new firm begins with: its visits."""
    return [VISITS.key(operation) for operation in VISITS.operations]


def known(keys: Iterable[str]) -> list[str]:
    """Those of the keys that name an operation, each once, in the order of the modules."""
    wanted = set(keys)
    return [key for key in _CELLS if key in wanted]


def effective(keys: Iterable[str]) -> frozenset[str]:
    """What the keys really allow: nothing in a module that cannot be seen."""
    wanted = set(known(keys))
    return frozenset(key for key in wanted if f"{key.partition('.')[0]}.{SEE}" in wanted)


def cells_of(operations: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The rights on rows that these operations take."""
    return frozenset(cell for key in operations for cell in _CELLS[key])


def modules_in(operations: frozenset[str]) -> list[Module]:
    """The modules that can be seen."""
    return [module for module in MODULES if module.see in operations]
