"""The call list of return visits, and one visit: worked, moved, given, ended."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.clock import now
from crmcore.models import Contact
from crmcore.queries.rights import reaches
from crmcore.views.requests import StaffRequest, number_in, staff_page, wants_fragment
from servicedesk.console.visit_forms import CompleteForm, GiveForm, NewVisitForm, TryForm, WindowForm
from servicedesk.console.visits import LISTS, rows_of, visit_page, visits_of
from tickets.actions.changing import MergedAway, StaleTicket
from tickets.actions.fields import BadFields
from tickets.actions.moves import WrongMove
from tickets.actions.visit_lists import own_method, own_theme
from tickets.actions.visit_work import (
    VisitOver,
    answer_visit,
    call_off,
    complete,
    create_visit,
    give,
    note_try,
    reschedule,
)
from tickets.models import Ticket, Visit
from tickets.queries.visit_stage import loop_end
from tickets.questionnaires import BadAnswer


@staff_page("ticket")
@require_GET
def visit_list(request: StaffRequest) -> HttpResponse:
    """`?list=mine|team|ended&at=`: the first to be missed first."""
    which = request.GET.get("list", "mine")
    which = which if which in LISTS else "mine"
    page, rows = visit_page(request.user, which, request.GET.get("at", ""), now())
    context = {"page": page, "rows": rows, "which": which, "lists": LISTS, "here": request.get_full_path()}
    template = "_visit_rows.html" if wants_fragment(request) else "visits.html"
    return render(request, f"servicedesk/console/{template}", context)


@staff_page("ticket")
@require_GET
def visit(request: StaffRequest, pk: int) -> HttpResponse:
    """One visit with its words, attempts and forms."""
    return _shown(request, _found(request, pk))


@staff_page("ticket", "edit")
@require_http_methods(["GET", "POST"])
def new_visit(request: StaffRequest) -> HttpResponse:
    """`?ticket=KW-20418` or `?contact=7`: a visit planned by hand, for whoever plans it."""
    ticket, contact = _about(request)
    form = NewVisitForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data, user, shared = form.cleaned_data, request.user, form.cleaned_data["is_shared"]
        membership = contact.memberships.order_by("-is_primary", "pk").first() if contact else None
        made = create_visit(
            by=user,
            method=data["method"] or own_method(data["own_method"], by=user, is_shared=shared),
            theme=data["theme"] or own_theme(data["own_theme"], by=user, is_shared=shared),
            due_from=data["due_from"],
            due_by=data["due_by"],
            assignee=user,
            ticket=ticket,
            contact=contact,
            account=membership.account if membership else None,
            script=data["script"],
        )
        messages.success(request, _("The visit is planned"))
        return redirect(made)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "ticket": ticket, "contact": contact}
    return render(request, "servicedesk/console/visit_new.html", context, status=status)


def _change(act: Callable[[StaffRequest, Visit], HttpResponse | None]) -> Callable[..., HttpResponse]:
    """A change of an open visit; who comes too late is told who was faster."""

    @staff_page("ticket", "edit")
    @require_POST
    def changed(request: StaffRequest, pk: int) -> HttpResponse:
        found = _found(request, pk)
        try:
            answer = act(request, found)
        except VisitOver as over:
            who = over.visit.ended_by.name if over.visit.ended_by else _("The desk")
            messages.warning(request, _("%(name)s has ended this visit already.") % {"name": who})
            answer = None
        return answer or redirect(found)

    return changed


@_change
def finish(request: StaffRequest, found: Visit) -> HttpResponse | None:
    """Complete it; what the ticket's loop refuses is said in the form, and nothing is lost."""
    form = _complete_form(request, found, request.POST)
    if not form.is_valid():
        return _shown(request, found, form, status=422)
    try:
        complete(found, form.report(), by=request.user)
    except (WrongMove, MergedAway) as refusal:
        form.add_error(None, str(refusal))
    except (StaleTicket, BadFields):
        form.add_error(None, _("The ticket has moved on meanwhile. Look at it first."))
    if form.errors:
        return _shown(request, found, form, status=422)
    messages.success(request, _("The visit is completed"))
    return redirect("console:visits")


@_change
def answer(request: StaffRequest, found: Visit) -> HttpResponse | None:
    """What the customer said to the next question."""
    try:
        answer_visit(found, request.POST.get("question", ""), request.POST.getlist("answer"), by=request.user)
    except BadAnswer:
        messages.error(request, _("Choose one of the answers first"))
    return redirect(f"{found.get_absolute_url()}#questions")


@_change
def tried(request: StaffRequest, found: Visit) -> HttpResponse | None:
    """Nobody was reached, or more is to be said another time."""
    form = TryForm(request.POST)
    if form.is_valid():
        note, token = form.cleaned_data["note"], form.cleaned_data["token"]
        reached = request.POST.get("reached") == "1"
        note_try(found, by=request.user, method=found.method, was_reached=reached, note=note, token=token)
    return None


@_change
def move(request: StaffRequest, found: Visit) -> HttpResponse | None:
    """To another time."""
    form = WindowForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, window=form, status=422)
    reschedule(found, form.cleaned_data["due_from"], form.cleaned_data["due_by"], by=request.user)
    messages.success(request, _("The visit was moved"))
    return None


@_change
def hand(request: StaffRequest, found: Visit) -> HttpResponse | None:
    """To a colleague; who gives away what they may no longer see goes back to the list."""
    form = GiveForm(request.POST, visit=found)
    if form.is_valid():
        give(found, form.cleaned_data["person"], by=request.user)
    return None if reaches(request.user, "view", found) else redirect("console:visits")


@_change
def drop(request: StaffRequest, found: Visit) -> HttpResponse | None:
    """It is not to be."""
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("Say why."))
        return None
    call_off(found, reason, by=request.user)
    return redirect("console:visits")


def _found(request: StaffRequest, pk: int) -> Visit:
    related = ("ticket__status", "ticket__type", "ticket__queue", "plan", "previous", "ended_by", "questionnaire")
    return get_object_or_404(visits_of(request.user).select_related(*related), pk=pk)


def _about(request: StaffRequest) -> tuple[Ticket | None, Contact | None]:
    number, contact_id = request.GET.get("ticket", ""), number_in(request, "contact")
    tickets = Ticket.objects.visible_to(request.user, "edit").select_related("queue__team", "contact", "account")
    ticket = tickets.filter(number=number).first() if number else None
    contact = Contact.objects.visible_to(request.user).filter(pk=contact_id).first() if contact_id else None
    if ticket is None and contact is None:
        raise Http404
    return ticket, ticket.contact if ticket else contact


def _complete_form(request: StaffRequest, found: Visit, data: object = None) -> CompleteForm:
    end = loop_end(found.ticket) if found.ticket else None
    return CompleteForm(data, visit=found, user=request.user, end=end)


def _shown(
    request: StaffRequest,
    found: Visit,
    form: CompleteForm | None = None,
    *,
    window: WindowForm | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = found.questionnaire.read() if found.questionnaire else None
    others = Q(contact=found.contact_id) if found.contact_id else Q(account=found.account_id)
    context = {
        "row": rows_of([found], now())[0],
        "visit": found,
        "may_edit": found.is_open and reaches(request.user, "edit", found),
        "form": form or _complete_form(request, found),
        "window": window or WindowForm(initial={"due_from": found.due_from, "due_by": found.due_by}),
        "give": GiveForm(visit=found),
        "tries": found.tries.select_related("by", "method"),
        "earlier": visits_of(request.user).filter(others, ended_at__isnull=False).exclude(pk=found.pk)[:5],
        "token": uuid.uuid4().hex,
        "question": asked.next_question(found.answers) if asked else None,
        "given": asked.given(found.answers) if asked else [],
    }
    return render(request, "servicedesk/console/visit.html", context, status=status)
