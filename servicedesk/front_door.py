"""The front door and the pages that say what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from crmcore.models import User
from servicedesk.sign_in import home_of


def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to where they work; strangers to the help centre."""
    if isinstance(request.user, User):
        return redirect(home_of(request.user))
    return redirect("portal:home")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: who reads it is in the database, which may be what broke."""
    return HttpResponse(render_to_string("500.html"), status=500)
