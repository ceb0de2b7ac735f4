"""How customers chat with the desk: the settings page."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from crmcore.forms.dressing import DressedForm
from crmcore.models import Calendar, Queue, User
from servicedesk.setup.access import opens_with
from tickets.actions.chat_rules import set_chat_rules
from tickets.models import ChatRules
from tickets.models.chat import MOST_SLOTS

MINUTES = ("wait_limit", "silence_limit", "back_within")


class ChatRulesForm(DressedForm):
    """The desk's rules; spans are asked for in minutes."""

    is_on = forms.BooleanField(
        label=_("Chat on the portal"),
        required=False,
        help_text=_("Off, customers find no chat; chats that run go on."),
    )
    takes_guests = forms.BooleanField(
        label=_("Also without signing in"),
        required=False,
        help_text=_("Guests give a name and, if they like, an e-mail address."),
    )
    queue: "forms.ModelChoiceField[Queue]" = forms.ModelChoiceField(
        label=_("Queue"),
        queryset=Queue.objects.none(),
        required=False,
        empty_label=_("By the customer's language"),
        help_text=_("Whose agents are offered the chats."),
    )
    calendar: "forms.ModelChoiceField[Calendar]" = forms.ModelChoiceField(
        label=_("Hours"),
        queryset=Calendar.objects.none(),
        required=False,
        empty_label=_("The hours of the queue"),
        help_text=_("Outside of them customers leave a message, which becomes a ticket."),
    )
    greeting = forms.CharField(
        label=_("Greeting, English"),
        max_length=300,
        required=False,
        help_text=_("Stands above the first message."),
    )
    greeting_zh = forms.CharField(
        label=_("Greeting, Chinese"),
        max_length=300,
        required=False,
        help_text=_("Stands above the first message on Chinese pages."),
    )
    at_once = forms.IntegerField(
        label=_("Chats at once"),
        min_value=1,
        max_value=MOST_SLOTS,
        help_text=_("So many chats an agent holds at most; tickets and calls count apart."),
    )
    at_once_on_call = forms.IntegerField(
        label=_("Chats beside a call"),
        min_value=0,
        max_value=MOST_SLOTS,
        help_text=_("So many chats an agent holds when a further one is offered during a call. 0 offers none."),
    )
    wait_limit = forms.IntegerField(
        label=_("Longest wait (minutes)"),
        min_value=1,
        max_value=120,
        help_text=_("After so long without an agent the chat ends and stays as a ticket."),
    )
    silence_limit = forms.IntegerField(
        label=_("Silence (minutes)"),
        min_value=1,
        max_value=720,
        help_text=_("A chat in which nobody writes for so long ends by itself."),
    )
    back_within = forms.IntegerField(
        label=_("Coming back (minutes)"),
        min_value=0,
        max_value=1440,
        help_text=_("Who writes again within so long goes on with the same chat."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("queue", Queue.objects.filter(is_active=True)), ("calendar", Calendar.objects.all())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def clean(self) -> dict[str, object]:
        """Beside a call nobody holds more than without one."""
        facts = dict(super().clean() or self.cleaned_data)
        if int(facts.get("at_once_on_call") or 0) > int(facts.get("at_once") or MOST_SLOTS):
            self.add_error("at_once_on_call", gettext("Not more than without a call."))
        return facts


@require_http_methods(["GET", "POST"])
@opens_with("setup:chats")
def chats(request: HttpRequest) -> HttpResponse:
    """Read and save the rules."""
    form = ChatRulesForm(request.POST or None, initial=_initial(ChatRules.current()))
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        facts = dict(form.cleaned_data)
        facts |= {f"{name}_s": facts.pop(name) * 60 for name in MINUTES}
        set_chat_rules(by=request.user, **facts)
        messages.success(request, gettext("Saved"))
        return redirect("setup:chats")
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/answering.html", {"form": form}, status=status)


def _initial(rules: ChatRules) -> dict[str, object]:
    plain = [name for name in ChatRulesForm.base_fields if name not in MINUTES]
    return {name: getattr(rules, name) for name in plain} | {
        name: getattr(rules, f"{name}_s") // 60 for name in MINUTES
    }
