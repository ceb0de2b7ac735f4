"""Small forms in the side of a ticket: tags, tasks, time, following and reminders; each is answered with the side."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from crmcore.models import ApprovalPlan, User
from crmcore.views.requests import StaffRequest, staff_page, wants_fragment
from tickets.actions.asking import ask_for_approval
from tickets.actions.moves import WrongMove
from tickets.actions.tagging import change_tags
from tickets.actions.time_worked import add_time, correct_time, start_timer, stop_timer
from tickets.actions.todos import add_todo, give_todo, remove_todo, set_done
from tickets.actions.watching import follow, remind
from tickets.models import Ticket, TimeEntry, Todo
from tickets.moments import chosen_moment
from tickets.queries import ticket_page
from tickets.queries.approvals import SUBJECT
from tickets.queries.tags import suggested
from tickets.views.lookup import found_ticket
from tickets.views.ticket import reading_in

Change = Callable[[StaffRequest, Ticket], object]


def _form(action: str = "edit") -> Callable[[Change], Callable[..., HttpResponse]]:
    def make(change: Change) -> Callable[..., HttpResponse]:
        @require_POST
        @staff_page("ticket", action)
        @wraps(change)
        def view(request: StaffRequest, number: str) -> HttpResponse:
            found = found_ticket(request, number, action)
            try:
                change(request, found)
            except WrongMove as reason:
                messages.error(request, str(reason))
            if not wants_fragment(request):
                return redirect("tickets:todos") if request.POST.get("back") == "todos" else redirect(found)
            side = ticket_page.side(reading_in(request, found_ticket(request, number)))
            return render(request, "tickets/_side.html", {"side": side})

        return view

    return make


@_form()
def tags(request: StaffRequest, ticket: Ticket) -> None:
    add = request.POST.get("add", "").replace("，", ",").replace("、", ",").split(",")
    change_tags(ticket, by=request.user, add=add, remove=request.POST.getlist("remove"))


@require_GET
@staff_page("ticket")
def tag_choices(request: StaffRequest) -> HttpResponse:
    """Tags that exist, for the list below the field."""
    return render(request, "tickets/_tag_choices.html", {"tags": suggested(request.GET.get("add", ""))})


@_form()
def add(request: StaffRequest, ticket: Ticket) -> None:
    name = " ".join(request.POST.get("name", "").split())[:200]
    if name:
        due_at = chosen_moment(request.POST.get("due", ""))
        is_mandatory = "is_mandatory" in request.POST
        add_todo(ticket, name, by=request.user, assignee=_person(request), due_at=due_at, is_mandatory=is_mandatory)


@_form()
def tick(request: StaffRequest, ticket: Ticket) -> None:
    set_done(_todo(request, ticket), by=request.user, done=request.POST.get("done") == "1")


@_form()
def give(request: StaffRequest, ticket: Ticket) -> None:
    give_todo(_todo(request, ticket), to=_person(request), by=request.user)


@_form()
def remove(request: StaffRequest, ticket: Ticket) -> None:
    remove_todo(_todo(request, ticket), by=request.user)


@_form()
def timer(request: StaffRequest, ticket: Ticket) -> None:
    if request.POST.get("run") == "1":
        start_timer(ticket, by=request.user)
    else:
        stop_timer(by=request.user)


@_form()
def time(request: StaffRequest, ticket: Ticket) -> None:
    minutes = request.POST.get("minutes", "")
    if minutes.isdecimal() and len(minutes) < 5 and int(minutes):
        add_time(ticket, 60 * int(minutes), by=request.user, words=request.POST.get("words", "").strip()[:200])


@_form()
def correct(request: StaffRequest, ticket: Ticket) -> None:
    minutes = request.POST.get("minutes", "")
    entry = get_object_or_404(TimeEntry, pk=_key(request, "entry"), ticket=ticket)
    if minutes.isdecimal() and len(minutes) < 5:
        correct_time(entry, 60 * int(minutes), by=request.user)


@_form()
def ask_approval(request: StaffRequest, ticket: Ticket) -> None:
    plan = get_object_or_404(ApprovalPlan, pk=_key(request, "plan"), subject=SUBJECT)
    ask_for_approval(ticket, plan, by=request.user, reason=request.POST.get("reason", ""))


@_form("view")
def watch(request: StaffRequest, ticket: Ticket) -> None:
    follow(ticket, by=request.user, follows=request.POST.get("follow") == "1")


@_form("view")
def reminder(request: StaffRequest, ticket: Ticket) -> None:
    words = request.POST.get("words", "").strip()[:200]
    remind(ticket, chosen_moment(request.POST.get("at", "")), by=request.user, words=words)


def _todo(request: StaffRequest, ticket: Ticket) -> Todo:
    return get_object_or_404(Todo, pk=_key(request, "todo"), ticket=ticket)


def _person(request: StaffRequest) -> User | None:
    return User.objects.filter(pk=_key(request, "person"), kind=User.Kind.STAFF, is_active=True).first()


def _key(request: StaffRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() else 0
