"""Promising a call: the form in its dialog, and the promise."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from crmcore import clock
from crmcore.models import Account, Contact
from crmcore.views.requests import StaffRequest, number_in, staff_page
from servicedesk.console.promise import PromiseForm
from telephony.actions.callbacks import promise_call
from telephony.actions.outgoing import Target
from telephony.dial_rules import DialRefused
from tickets.models import Ticket


@staff_page("call", "edit")
def promise(request: StaffRequest) -> HttpResponse:
    """`?number=&contact=&account=&ticket=`; posted `when` (a shortcut, or `at` with `day` and `time`) and `note`."""
    form = PromiseForm(
        number=request.GET.get("number", ""),
        target=_target(request),
        user=request.user,
        now=clock.now(),
        day=request.POST.get("day", ""),
        time=request.POST.get("time", ""),
        note=request.POST.get("note", ""),
    )
    promised = request.method == "POST" and _keep(form, request)
    status = 422 if form.problem else 200
    context = {"form": form, "promised": promised}
    return render(request, "servicedesk/console/_promise.html", context, status=status)


def _keep(form: PromiseForm, request: StaffRequest) -> bool:
    try:
        at = form.moment(request.POST.get("when", "at"))
        promise_call(form.number, by=request.user, at=at, zone=form.zone, note=form.note, target=form.target)
    except DialRefused as refused:
        form.problem = str(refused.refusal.label)
    except ValueError:
        form.problem = _("Choose a day and a time that are still to come.")
    return not form.problem


def _target(request: StaffRequest) -> Target:
    user = request.user
    contact, account, ticket = (number_in(request, name) for name in ("contact", "account", "ticket"))
    return Target(
        contact=get_object_or_404(Contact.objects.visible_to(user), pk=contact) if contact else None,
        account=get_object_or_404(Account.objects.visible_to(user), pk=account) if account else None,
        ticket=get_object_or_404(Ticket.objects.visible_to(user), pk=ticket) if ticket else None,
    )
