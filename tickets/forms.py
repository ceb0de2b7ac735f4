"""The form that opens a ticket."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crmcore.models import Account, Contact, Queue, User
from tickets.models import Priority, Ticket, TicketType

FIELD = {"class": "sd-f__in"}


class NewTicketForm(forms.Form):
    """What an agent writes down; the customer is chosen beside it."""

    subject = forms.CharField(
        label=_("What is it about?"), max_length=200, widget=forms.TextInput(attrs=FIELD | {"autofocus": True})
    )
    body = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs=FIELD | {"rows": 5}))
    type = forms.ModelChoiceField(
        TicketType.objects.filter(is_active=True), label=_("Type"), empty_label=None, widget=forms.Select(attrs=FIELD)
    )
    priority = forms.ChoiceField(
        choices=Priority, label=_("Priority"), initial=Priority.NORMAL, widget=forms.Select(attrs=FIELD)
    )
    queue = forms.ModelChoiceField(
        Queue.objects.filter(is_active=True),
        label=_("Queue"),
        empty_label=None,
        widget=forms.Select(attrs=FIELD),
    )
    channel = forms.ChoiceField(choices=Ticket.Channel, label=_("Came by"), widget=forms.Select(attrs=FIELD))
    is_mine = forms.BooleanField(
        label=_("I take it on"), required=False, initial=True, widget=forms.CheckboxInput(attrs={"class": "sd-box"})
    )
    is_waiting = forms.BooleanField(
        label=_("The customer is waiting for an answer"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "sd-box"}),
    )
    contact: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        Contact.objects.none(), required=False, widget=forms.HiddenInput
    )
    account: "forms.ModelChoiceField[Account]" = forms.ModelChoiceField(
        Account.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("contact", Contact), ("account", Account)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = model.objects.visible_to(user)
        self.fields["type"].widget.attrs |= {
            "hx-get": reverse("tickets:asked_fields"),
            "hx-trigger": "change",
            "hx-target": "#asked-fields",
            "hx-swap": "outerHTML",
            "hx-include": "#asked-fields",
        }
