"""Splitting a ticket: choose entries, say what they are about."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from crmcore.models import Queue
from crmcore.permissions import require
from crmcore.views.requests import StaffRequest, staff_page
from tickets.actions.moves import WrongMove
from tickets.actions.splitting import split_ticket
from tickets.forms import FIELD
from tickets.models import Interaction, Ticket, TicketType
from tickets.views.lookup import found_ticket

SHOWN = 100


class SplitForm(forms.Form):
    """What the new ticket is about."""

    subject = forms.CharField(label=_("What is it about?"), max_length=200, widget=forms.TextInput(attrs=FIELD))
    type = forms.ModelChoiceField(
        TicketType.objects.all(), label=_("Type"), empty_label=None, widget=forms.Select(attrs=FIELD)
    )
    queue = forms.ModelChoiceField(
        Queue.objects.filter(is_active=True), label=_("Queue"), empty_label=None, widget=forms.Select(attrs=FIELD)
    )


@staff_page("ticket", "edit")
def split(request: StaffRequest, number: str) -> HttpResponse:
    """`/tickets/KW-1/split/`: entries with boxes; a post moves the checked ones and shows the new ticket."""
    ticket = found_ticket(request, number, "edit")
    require(request.user, "ticket", "create")
    chosen = {int(pk) for pk in request.POST.getlist("entry") if pk.isdecimal()}
    form = SplitForm(request.POST or None, initial={"type": ticket.type, "queue": ticket.queue})
    if request.method == "POST" and form.is_valid():
        try:
            new = split_ticket(ticket, chosen, by=request.user, **form.cleaned_data)
        except WrongMove as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The entries stand here now."))
            seen = Ticket.objects.visible_to(request.user).filter(pk=new.pk).exists()
            return redirect(new if seen else ticket)
    rows = ticket.interactions.exclude(channel=Interaction.Channel.SYSTEM).select_related("by", "contact")
    context = {"ticket": ticket, "form": form, "entries": rows.order_by("-seq")[:SHOWN], "chosen": chosen}
    return render(request, "tickets/split.html", context, status=422 if form.is_bound else 200)
