"""The overview of the settings: every page that opens for the reader, with what it is for."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from crmcore.models import User
from servicedesk.setup.menu import grouped, pages_of


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Whoever has one page alone is led straight to it."""
    assert isinstance(request.user, User)
    pages = pages_of(request.user)
    if len(pages) == 1:
        return redirect(pages[0].url)
    return render(request, "servicedesk/setup/overview.html", {"groups": grouped(pages)})
