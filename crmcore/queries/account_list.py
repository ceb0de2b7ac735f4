"""The customer list: filters as sentences, pages by key."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from crmcore.models import Account, AccountContact, Opportunity, Stage, User
from crmcore.queries.customers import matching
from crmcore.queries.regions import in_region

PAGE = 50


@dataclass(frozen=True)
class Selection:
    """What the reader asked for; empty fields ask for nothing. `listed` pairs a field with an entry of its list."""

    words: str = ""
    kind: str = ""
    grades: tuple[str, ...] = ()
    whose: str = ""
    language: str = ""
    inactive: bool = False
    region: int = 0
    listed: tuple[tuple[str, int], ...] = ()


@dataclass
class Row:
    """An account with what its row shows: its number of members and its open opportunities by currency."""

    account: Account
    members: int = 0
    pipeline: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One page; the keys lead to the pages beside it."""

    rows: list[Row]
    before: int | None = None
    after: int | None = None


def page_of_accounts(user: User, selection: Selection, *, after: int | None = None, before: int | None = None) -> Page:
    """The accounts that `user` may view by name, from behind or before the account with a key."""
    rows = _selected(user, selection)
    key = Account.objects.filter(pk=after or before or 0).values_list("name", "pk").first()
    backwards = before is not None and key is not None
    if key is not None:
        rows = rows.filter(_beyond(key, backwards=backwards))
    order = ("-name", "-pk") if backwards else ("name", "pk")
    found = list(rows.select_related("owner", "region", "industry", "status").order_by(*order)[: PAGE + 1])
    more, shown = len(found) > PAGE, found[:PAGE]
    if backwards:
        shown.reverse()
    if not shown:
        return Page([])
    has_before, has_after = (more, True) if backwards else (key is not None, more)
    return Page(
        _with_figures(shown, user),
        before=shown[0].pk if has_before else None,
        after=shown[-1].pk if has_after else None,
    )


def _selected(user: User, selection: Selection) -> QuerySet[Account]:
    rows = Account.objects.visible_to(user).filter(merged_into=None, is_active=not selection.inactive)
    narrowed: dict[str, Any] = {}
    if selection.kind:
        narrowed["kind"] = selection.kind
    if selection.grades:
        narrowed["grade__in"] = selection.grades
    if selection.language:
        narrowed["language"] = selection.language
    narrowed |= dict(selection.listed)
    if selection.whose == "mine":
        narrowed["owner"] = user
    elif selection.whose == "nobody":
        narrowed["owner"] = None
    if selection.region:
        rows = rows.filter(in_region(selection.region))
    found: QuerySet[Account] = matching(rows.filter(**narrowed), selection.words)
    return found


def _beyond(key: tuple[str, int], *, backwards: bool) -> Q:
    name, pk = key
    if backwards:
        return Q(name__lte=name) & (Q(name__lt=name) | Q(pk__lt=pk))
    return Q(name__gte=name) & (Q(name__gt=name) | Q(pk__gt=pk))


def _with_figures(shown: list[Account], user: User) -> list[Row]:
    """Members and open opportunities of the shown accounts, by two grouped queries."""
    rows = {account.pk: Row(account) for account in shown}
    members = AccountContact.objects.filter(account__in=rows).order_by().values("account_id")
    for pk, number in members.annotate(number=Count("pk")).values_list("account_id", "number"):
        rows[pk].members = number
    deals = Opportunity.objects.visible_to(user).filter(account__in=rows, stage__kind=Stage.Kind.OPEN)
    sums = deals.order_by().values("account_id", "currency").annotate(total=Sum("amount_minor"))
    for pk, currency, total in sums.values_list("account_id", "currency", "total"):
        rows[pk].pipeline[currency] = int(total)
    return list(rows.values())
