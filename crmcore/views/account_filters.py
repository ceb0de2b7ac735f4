"""The customer list's filters: read from the address, said in sentences, kept as views."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmcore.models import Account, CodeEntry, CodeList, Region
from crmcore.queries.account_list import Selection

_LONGEST_NUMBER = 10
FILTERED = (CodeList.TYPE, CodeList.INDUSTRY, CodeList.STATUS, CodeList.NATURE, CodeList.SOURCE, CodeList.PARTY)
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


@dataclass(frozen=True)
class ListChoice:
    """A list as a filter: its entries in use and the one that is chosen."""

    name: str
    label: str
    entries: list[CodeEntry]
    chosen: int


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
        inactive=query.get("state") == "inactive",
        region=_number(query.get("region", "")),
        listed=tuple((name, pk) for name in FILTERED if (pk := _number(query.get(name, "")))),
    )


def query_of(selection: Selection) -> dict[str, str | list[str]]:
    """The address's parameters for a selection."""
    asked: dict[str, str | list[str]] = {
        "q": selection.words,
        "kind": selection.kind,
        "grade": list(selection.grades),
        "whose": selection.whose,
        "language": selection.language,
        "state": "inactive" if selection.inactive else "",
        "region": str(selection.region or ""),
        **{name: str(pk) for name, pk in selection.listed},
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
    if selection.region:
        region = Region.objects.filter(pk=selection.region).first()
        yield _("Region is"), region.label if region else "?", replace(selection, region=0)
    yield from _listed_filters(selection)
    if selection.inactive:
        yield _("Status is"), _("inactive"), replace(selection, inactive=False)


def list_choices(selection: Selection) -> list[ListChoice]:
    """The lists by which the customers can be narrowed, each with what is chosen in it."""
    entries: dict[str, list[CodeEntry]] = {}
    for entry in CodeEntry.objects.filter(list__in=FILTERED, is_active=True):
        entries.setdefault(entry.list, []).append(entry)
    return [
        ListChoice(name, str(CodeList(name).label), entries.get(name, []), dict(selection.listed).get(name, 0))
        for name in FILTERED
    ]


def _listed_filters(selection: Selection) -> Iterator[tuple[str, str, Selection]]:
    """Unknown entries stand as a question mark: the list is empty with them, and they can be taken away."""
    found = CodeEntry.objects.in_bulk([pk for _name, pk in selection.listed])
    for name, pk in selection.listed:
        without = tuple(pair for pair in selection.listed if pair[0] != name)
        subject = _("%(list)s is") % {"list": CodeList(name).label}
        yield subject, found[pk].label if pk in found else "?", replace(selection, listed=without)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < _LONGEST_NUMBER else 0
