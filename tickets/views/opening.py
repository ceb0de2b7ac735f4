"""Opening a ticket by hand: the form, and finding the customer for it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from crmcore.clock import now
from crmcore.models import Account, Contact, Queue, User
from crmcore.queries.customers import search_accounts, search_contacts
from crmcore.views.requests import StaffRequest, staff_page
from tickets.actions.fields import BadFields
from tickets.actions.lifecycle import open_ticket
from tickets.field_forms import FieldsForm
from tickets.forms import NewTicketForm
from tickets.models import Ticket, TicketType
from tickets.queries.stages import fields_on_opening
from tickets.queries.worklists import open_tickets_of

FOUND = 6


@staff_page("ticket", "create")
def new_ticket(request: StaffRequest) -> HttpResponse:
    """`/tickets/new/`, prefilled by its address: ?contact=7&account=3&subject=…"""
    user = request.user
    if request.method == "POST" and "find" in request.POST:
        form = NewTicketForm(user=user, initial=request.POST.dict())
        return _show(request, form, _asked(form, user))
    if request.method == "POST":
        form = NewTicketForm(request.POST, user=user)
        asked = _asked(form, user, request.POST)
        if ticket := _opened(form, asked, user):
            seen = Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()
            return redirect(ticket if seen else "tickets:list")
        return _show(request, form, asked)
    form = NewTicketForm(user=user, initial=_usual(user) | request.GET.dict())
    return _show(request, form, _asked(form, user))


@staff_page("ticket", "create")
def customers(request: StaffRequest) -> HttpResponse:
    """Who could be meant by the words typed so far, or who was chosen."""
    user = request.user
    form = NewTicketForm(user=user, initial=request.GET.dict())
    return render(request, "tickets/_customer_choice.html", _customer(request, user, form))


def _show(request: StaffRequest, form: NewTicketForm, asked: FieldsForm) -> HttpResponse:
    context = {"form": form, "fields_form": asked, **_customer(request, request.user, form)}
    return render(request, "tickets/ticket_new.html", context)


def _asked(form: NewTicketForm, user: User, given: Any = None) -> FieldsForm:
    """The fields of the type that is chosen, of the first type until one is."""
    chosen = str(getattr(form["type"].value(), "pk", form["type"].value()) or "")
    types = TicketType.objects.filter(is_active=True)
    kind = (types.filter(pk=chosen) if chosen.isdecimal() else types).first()
    return FieldsForm(fields_on_opening(kind) if kind else [], given, user=user)


def _opened(form: NewTicketForm, asked: FieldsForm, user: User) -> Ticket | None:
    """The new ticket; None while something in the forms is wrong."""
    if not all([form.is_valid(), asked.is_valid()]):
        return None
    try:
        return _open(form.cleaned_data, asked.values(), user)
    except BadFields as refused:
        asked.show_problems(refused)
        return None


def _usual(user: User) -> dict[str, Any]:
    own = user.queues.filter(is_active=True).first()
    return {"queue": (own or Queue.objects.filter(is_active=True).first()), "channel": Ticket.Channel.CALL}


def _customer(request: StaffRequest, user: User, form: NewTicketForm) -> dict[str, object]:
    """The chosen customer with their open tickets, else those whom the words find."""
    words = (request.POST or request.GET).get("q", "").strip()
    contact = _chosen(Contact, form["contact"].value(), user)
    account = _chosen(Account, form["account"].value(), user)
    chosen = contact or account
    return {
        "words": words,
        "contact": contact,
        "account": account,
        "open_tickets": list(open_tickets_of(chosen, user=user)[:FOUND]) if chosen else [],
        "contacts": search_contacts(words, user=user, limit=FOUND) if words and not chosen else [],
        "accounts": search_accounts(words, user=user, limit=FOUND) if words and not chosen else [],
    }


def _chosen(model: type[Contact] | type[Account], given: Any, user: User) -> Any:
    pk = str(getattr(given, "pk", given) or "")
    return model.objects.visible_to(user).filter(pk=pk).first() if pk.isdecimal() else None


def _open(data: dict[str, Any], fields: dict[str, object], user: User) -> Ticket:
    return open_ticket(
        by=user,
        subject=data["subject"],
        type=data["type"],
        queue=data["queue"],
        account=data["account"],
        contact=data["contact"],
        channel=data["channel"],
        priority=data["priority"],
        body=data["body"].strip(),
        assignee=user if data["is_mine"] else None,
        contacted_at=now() if data["is_waiting"] else None,
        fields=fields,
    )
