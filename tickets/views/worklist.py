"""The list of tickets: views at the left, search, filters, pages by key."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from crmcore.models import Queue, User
from crmcore.permissions import may
from crmcore.views.requests import StaffRequest, moment_of, staff_page
from tickets.models import Priority, SavedView, Ticket, TicketType
from tickets.queries.bulk import latest
from tickets.queries.clock_faces import face_of
from tickets.queries.columns import columns_of
from tickets.queries.conditions import speaks_of_reader
from tickets.queries.keyset import Page
from tickets.queries.saved_views import COUNTED_TO, counts, may_change, views_of
from tickets.queries.worklists import Asked, page
from tickets.views.lookup import found_ticket


@dataclass(frozen=True)
class Shelf:
    """Views under one heading, each with how many tickets it holds; empty where nobody counted, or none."""

    heading: str
    views: list[tuple[SavedView, str]]


_FILTERS = {"queue": "queue__code", "type": "type__code", "priority": "priority"}


@staff_page("ticket")
def ticket_list(request: StaffRequest) -> HttpResponse:
    """`/tickets/`: one view, or all tickets that contain the words; its rows alone for a live refetch."""
    user, moment = request.user, moment_of(request)
    views = list(views_of(user).select_related("team"))
    asked = _asked(request, views)
    found = page(asked, user=user, now=moment)
    context = {
        "shelves": shelves_of(user, views),
        "view": asked.view,
        "asked": asked,
        "chosen": {name: request.GET.get(name, "") for name in _FILTERS},
        "queues": Queue.objects.filter(is_active=True),
        "types": TicketType.objects.all(),
        "priorities": Priority.choices,
        "may_create": may(user, "ticket", "create"),
        "may_change_view": not asked.words and may_change(user, asked.view),
        "may_select": may(user, "ticket", "edit"),
        **_rows(request, asked, found),
    }
    fragment = request.GET.get("part") == "rows"
    if not fragment:
        context["progress"] = latest(user, moment)
    return render(request, "tickets/_ticket_rows.html" if fragment else "tickets/ticket_list.html", context)


@staff_page("ticket")
def row(request: StaffRequest, number: str) -> HttpResponse:
    """One row of a list, refetched when its ticket changes."""
    ticket = found_ticket(request, number)
    view = _chosen(request, list(views_of(request.user)))
    context = {
        "ticket": ticket,
        "face": face_of(ticket, moment_of(request)),
        "columns": columns_of(view.columns),
        "view": view,
        "may_select": may(request.user, "ticket", "edit"),
    }
    return render(request, "tickets/_ticket_row.html", context)


@staff_page("ticket")
def shelf(request: StaffRequest) -> HttpResponse:
    """The views beside the list with how many tickets each holds; `view` is the one that is open."""
    user, views = request.user, list(views_of(request.user).select_related("team"))
    shelves = shelves_of(user, views, counts(views, user, moment_of(request)))
    context = {"shelves": shelves, "view": _chosen(request, views), "is_counted": True}
    return render(request, "tickets/_shelf.html", context)


def shelves_of(user: User, views: list[SavedView], numbers: Mapping[int, int] | None = None) -> list[Shelf]:
    """The views by whom they belong to: everybody's, the teams', the person's own."""
    shown = {view.pk: _number(numbers[view.pk]) if numbers else "" for view in views}

    teams: dict[int | str, str] = {view.team.pk: view.team.label for view in views if view.team}
    headings: dict[int | str, str] = {"all": _("Views"), **teams, "own": _("My views")}
    rows: dict[int | str, list[tuple[SavedView, str]]] = {belongs: [] for belongs in headings}
    for view in views:
        rows["own" if view.owner_id == user.pk else view.team_id or "all"].append((view, shown[view.pk]))
    return [Shelf(heading, rows[belongs]) for belongs, heading in headings.items()]


def _number(count: int) -> str:
    return f"{COUNTED_TO}+" if count > COUNTED_TO else str(count) if count else ""


def _asked(request: StaffRequest, views: list[SavedView]) -> Asked:
    get = request.GET
    filters = {lookup: get[name] for name, lookup in _FILTERS.items() if get.get(name)}
    sort = get.get("sort", "")
    return Asked(
        _chosen(request, views),
        get.get("q", "").strip(),
        filters,
        sort if sort in SavedView.Sort else "",
        get.get("at", ""),
    )


def _chosen(request: StaffRequest, views: list[SavedView]) -> SavedView:
    """The view that the address names, else the first one. Everybody's views are never all gone."""
    wanted = request.GET.get("view", "")
    return next((view for view in views if view.key == wanted), views[0])


def _rows(request: StaffRequest, asked: Asked, found: Page[Ticket]) -> dict[str, object]:
    """Rows with faces, the addresses of the pages around, and what to listen to for newcomers."""
    moment = moment_of(request)
    query = {name: str(value) for name, value in request.GET.items() if name not in ("at", "part") and value}
    here = query | ({"at": request.GET["at"]} if request.GET.get("at") else {})
    columns = columns_of(asked.view.columns)
    return {
        "rows": [(ticket, face_of(ticket, moment)) for ticket in found.rows],
        "columns": columns,
        "sort_label": SavedView.Sort(asked.sort).label,
        "heads": [(column, _head_url(query, column.next_sort(asked.sort))) for column in columns],
        "before_url": f"?{urlencode(query | {'at': found.before})}" if found.before else "",
        "after_url": f"?{urlencode(query | {'at': found.after})}" if found.after else "",
        "rows_url": f"?{urlencode(here | {'part': 'rows'})}",
        "topics": " ".join(_topics(request.user, asked.view)),
    }


def _head_url(query: dict[str, str], sort: str) -> str:
    return f"?{urlencode(query | {'sort': sort})}" if sort else ""


def _topics(user: User, view: SavedView) -> list[str]:
    """A view that is the same for all has a topic of its own; others change with the reader's work and queues."""
    if not speaks_of_reader(view.conditions):
        return [f"view:{view.pk}"]
    return [f"agent:{user.pk}", *(f"queue:{pk}" for pk in user.queues.values_list("pk", flat=True))]
