"""Wallboards: which screens hang where, what they show, and the address of each."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.actions.wallboards import remove_wallboard, renew_key, save_wallboard
from crmcore.forms.dressing import dressed
from crmcore.models import Queue, User, Wallboard
from servicedesk.setup.access import opens_with

PAGE = "setup:wallboards"


class WallboardForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One screen."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("In which the screen speaks; nobody is signed in there who could choose."),
    )
    queues = forms.ModelMultipleChoiceField(
        Queue.objects.filter(is_active=True),
        label=_("Queues"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whose callers, agents and tickets are counted together; the strictest target of them holds."),
        error_messages={"required": _("Choose at least one queue.")},
    )

    class Meta:
        model = Wallboard
        fields = ("name", "name_zh", "language")
        labels = {"name": _("Name"), "name_zh": _("Chinese name")}
        help_texts = {
            "name": _("Stands large at the top of the screen."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dressed(field)
            field.widget.attrs.setdefault("autocomplete", "off")


@require_GET
@opens_with(PAGE)
def wallboard_list(request: HttpRequest) -> HttpResponse:
    wallboards = Wallboard.objects.prefetch_related("queues").order_by("pk")
    languages = dict(settings.LANGUAGES)
    rows = [(wallboard, languages.get(wallboard.language, wallboard.language)) for wallboard in wallboards]
    return render(request, "servicedesk/setup/wallboards.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@opens_with(PAGE)
def new_wallboard(request: HttpRequest) -> HttpResponse:
    return _edit(request, Wallboard(language=settings.LANGUAGE_CODE))


@require_http_methods(["GET", "POST"])
@opens_with(PAGE)
def edit_wallboard(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Wallboard, pk=pk))


@require_POST
@opens_with(PAGE)
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Another address; the one before stops working."""
    wallboard = get_object_or_404(Wallboard, pk=pk)
    renew_key(wallboard, by=_person(request))
    messages.success(request, gettext("The screen has a new address"))
    return redirect("setup:wallboard", wallboard.pk)


@require_POST
@opens_with(PAGE)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a wallboard; the second of two clicks finds nothing to do."""
    if wallboard := Wallboard.objects.filter(pk=pk).first():
        remove_wallboard(wallboard, by=_person(request))
    return redirect(PAGE)


def _edit(request: HttpRequest, wallboard: Wallboard) -> HttpResponse:
    stored = Wallboard.objects.filter(pk=wallboard.pk).first()
    initial = {"queues": wallboard.queues.all()} if stored else {}
    form = WallboardForm(request.POST or None, instance=wallboard, initial=initial)
    if request.method == "POST" and form.is_valid():
        save_wallboard(form.instance, form.cleaned_data["queues"], by=_person(request))
        messages.success(request, gettext("Saved"))
        return redirect("setup:wallboard", form.instance.pk)
    context = {"form": form, "row": stored, "address": _address(request, stored) if stored else ""}
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/wallboard.html", context, status=status)


def _address(request: HttpRequest, wallboard: Wallboard) -> str:
    base = settings.PUBLIC_BASE_URL or request.build_absolute_uri("/").rstrip("/")
    return f"{base}{reverse('wallboard:page', args=[wallboard.token])}"


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
