"""The customer list's filters: read from the address, said in sentences, kept as views."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmcore.models import Account
from crmcore.queries.account_list import Selection

WHOSE = {"mine": gettext_lazy("me"), "nobody": gettext_lazy("nobody")}
LANGUAGES = {"en": gettext_lazy("English"), "zh-hans": gettext_lazy("Chinese")}


@dataclass(frozen=True)
class Sentence:
    """One filter in words, and the list without it."""

    subject: str
    value: str
    without: str


@dataclass(frozen=True)
class View:
    """A list that is a click away."""

    label: str | Promise
    icon: str
    query: str
    is_current: bool


_VIEWS: tuple[tuple[Promise, str, Selection], ...] = (
    (gettext_lazy("My customers"), "icon:user-check", Selection(whose="mine")),
    (gettext_lazy("My level A and B"), "icon:star", Selection(whose="mine", grades=("A", "B"))),
    (gettext_lazy("All customers"), "icon:users", Selection()),
    (gettext_lazy("All companies"), "icon:building", Selection(kind="company")),
    (gettext_lazy("All households"), "icon:home", Selection(kind="household")),
    (gettext_lazy("All persons"), "icon:user", Selection(kind="person")),
    (gettext_lazy("Chinese-speaking"), "icon:language", Selection(language="zh-hans")),
    (gettext_lazy("Public pool"), "icon:droplet", Selection(whose="nobody")),
    (gettext_lazy("Inactive"), "icon:archive", Selection(inactive=True)),
)


def chosen(query: QueryDict) -> Selection:
    """What an address asks for; values that mean nothing are dropped."""
    kind, whose, language = query.get("kind", ""), query.get("whose", ""), query.get("language", "")
    return Selection(
        words=query.get("q", "").strip()[:120],
        kind=kind if kind in Account.Kind.values else "",
        grades=tuple(grade for grade in Account.Grade.values if grade in query.getlist("grade")),
        whose=whose if whose in WHOSE else "",
        language=language if language in LANGUAGES else "",
        inactive=query.get("status") == "inactive",
    )


def query_of(selection: Selection) -> dict[str, str | list[str]]:
    """The address's parameters for a selection."""
    asked: dict[str, str | list[str]] = {
        "q": selection.words,
        "kind": selection.kind,
        "grade": list(selection.grades),
        "whose": selection.whose,
        "language": selection.language,
        "status": "inactive" if selection.inactive else "",
    }
    return {name: value for name, value in asked.items() if value}


def filter_sentences(selection: Selection) -> list[Sentence]:
    """The filters that are set, each with the address that takes it away."""
    return [
        Sentence(subject, value, urlencode(query_of(without), doseq=True))
        for subject, value, without in _set_filters(selection)
    ]


def saved_views(selection: Selection) -> list[View]:
    """The lists beside the list."""
    present = replace(selection, words="")
    return [View(label, icon, urlencode(query_of(view), doseq=True), view == present) for label, icon, view in _VIEWS]


def _set_filters(selection: Selection) -> Iterator[tuple[str, str, Selection]]:
    if selection.kind:
        yield _("Kind is"), str(Account.Kind(selection.kind).label), replace(selection, kind="")
    if selection.grades:
        yield _("Level is"), _(" or ").join(selection.grades), replace(selection, grades=())
    if selection.whose:
        yield _("Owner is"), str(WHOSE[selection.whose]), replace(selection, whose="")
    if selection.language:
        yield _("Language is"), str(LANGUAGES[selection.language]), replace(selection, language="")
    if selection.inactive:
        yield _("Status is"), _("inactive"), replace(selection, inactive=False)
