"""What the timeline says of surveys and return visits."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tickets.models import Measure, Visit

_VISIT = {
    "planned": _("planned the return visit “%(name)s”"),
    "completed": _("completed the return visit “%(name)s”: %(result)s"),
    "cancelled": _("called off the return visit “%(name)s”"),
}


def _label(pair: list[str]) -> str:
    return pair[1] if (get_language() or "").startswith("zh") else pair[0]


def _surveyed(detail: dict[str, Any]) -> str:
    facts = {"score": detail["score"], "measure": Measure(detail["measure"]).label}
    return gettext("answered %(score)d (%(measure)s)") % facts


def _visited(detail: dict[str, Any]) -> str:
    result = Visit.Result(detail["result"]).label if detail.get("result") else ""
    return str(_VISIT[detail["what"]]) % {"name": _label(detail["name"]), "result": result}


EVENTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "survey": lambda d: gettext("plans to ask the customer: %(survey)s") % {"survey": _label(d["survey"])},
    "surveyed": _surveyed,
    "visit": _visited,
}
