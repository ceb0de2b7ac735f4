"""Supervision: whether agents are told that somebody listens."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crmcore.models import User
from servicedesk.setup.access import opens_with
from telephony.actions.supervision import set_policy
from telephony.models import SupervisionPolicy


@require_http_methods(["GET", "POST"])
@opens_with("setup:supervision")
def supervision(request: HttpRequest) -> HttpResponse:
    """Read and save the policy."""
    if request.method == "POST":
        assert isinstance(request.user, User)
        set_policy(agents_are_told="agents_are_told" in request.POST, by=request.user)
        messages.success(request, _("Saved"))
        return redirect("setup:supervision")
    return render(request, "servicedesk/setup/supervision.html", {"policy": SupervisionPolicy.current()})
