"""How long parked calls may wait: the settings page."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from crmcore.forms.dressing import DressedForm
from crmcore.models import User
from servicedesk.setup.access import opens_with
from telephony.actions.parking import set_parking
from telephony.models import ParkingPolicy


class ParkingForm(DressedForm):
    """The desk's rule."""

    returns_after_s = forms.IntegerField(
        label=_("Rings again after (seconds)"),
        min_value=15,
        max_value=1800,
        help_text=_("A call that nobody picked up then rings at whoever parked it, or waits in its queue for anybody."),
    )


@require_http_methods(["GET", "POST"])
@opens_with("setup:parking")
def parking(request: HttpRequest) -> HttpResponse:
    """Read and save the rule."""
    form = ParkingForm(request.POST or None, initial={"returns_after_s": ParkingPolicy.current().returns_after_s})
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        set_parking(**form.cleaned_data, by=request.user)
        messages.success(request, gettext("Saved"))
        return redirect("setup:parking")
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/answering.html", {"form": form}, status=status)
