"""What becomes of agents who do not take a call: the settings page."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from crmcore.actions.answering import set_answering
from crmcore.forms.dressing import DressedForm
from crmcore.models import AnsweringPolicy, User
from servicedesk.setup.access import opens_with


class AnsweringForm(DressedForm):
    """The desk's rule."""

    misses_allowed = forms.IntegerField(
        label=_("Missed calls in a row"),
        min_value=1,
        max_value=9,
        help_text=_("After so many an agent is not responding and gets no calls until he is ready again."),
    )
    pause_after_miss_s = forms.IntegerField(
        label=_("Pause after a missed call (seconds)"),
        min_value=0,
        max_value=600,
        help_text=_("An agent who may miss more gets no call for so long."),
    )
    ready_after_s = forms.IntegerField(
        label=_("Ready again by itself after (seconds)"),
        min_value=0,
        max_value=3600,
        help_text=_("Who is not responding is made ready after so long without being asked. 0 waits for the agent."),
    )


@require_http_methods(["GET", "POST"])
@opens_with("setup:answering")
def answering(request: HttpRequest) -> HttpResponse:
    """Read and save the rule."""
    policy = AnsweringPolicy.current()
    initial = {name: getattr(policy, name) for name in AnsweringForm.base_fields}
    form = AnsweringForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        set_answering(**form.cleaned_data, by=request.user)
        messages.success(request, gettext("Saved"))
        return redirect("setup:answering")
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/answering.html", {"form": form}, status=status)
