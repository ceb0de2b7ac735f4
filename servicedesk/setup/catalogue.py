"""Pages of a list that the desk keeps itself: the list, one form, and buttons that move, retire and take back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.actions.catalogue import move_entry, save_entry, set_in_use
from crmcore.models import User
from servicedesk.setup.access import opens_with


class Catalogue:
    """One such list below `/settings/<slug>/`; its addresses are `<name>_new`, `_edit`, `_move`, `_retire`.

    `page` is the page of the menu that shows it, under the name of `back`; its right opens all of them.
    `form_template` shows the form of one entry.
    """

    form_template = "servicedesk/setup/catalogue_form.html"

    def __init__(self, name: str, page: str, slug: str, form: type[Any], *, new: Promise, back: Promise) -> None:
        self.name, self.page, self.slug, self.form, self.new, self.back = name, page, slug, form, new, back
        self.template = f"servicedesk/setup/{name}.html"
        self.entries: Any = form._meta.model

    def addresses(self) -> list[URLPattern]:
        slug, views = self.slug, self.views()
        shown = [path(f"{slug}/", views["list"], name=self.name)] if self.page == f"setup:{self.name}" else []
        return [
            *shown,
            path(f"{slug}/new/", views["edit"], name=f"{self.name}_new"),
            path(f"{slug}/<int:pk>/", views["edit"], name=f"{self.name}_edit"),
            path(f"{slug}/<int:pk>/move/", views["move"], name=f"{self.name}_move"),
            path(f"{slug}/<int:pk>/retire/", views["retire"], name=f"{self.name}_retire"),
        ]

    @property
    def home(self) -> str:
        """The address at which the list stands."""
        return reverse(self.page)

    def url(self, act: str, *args: object) -> str:
        """The address of what can be done with an entry, or of a new one."""
        return reverse(f"setup:{self.name}_{act}", args=args)

    def context(self) -> dict[str, Any]:
        """What the list's template needs."""
        rows = list(self.entries.objects.order_by("position", "pk"))
        return {"used": [row for row in rows if row.is_active], "retired": [row for row in rows if not row.is_active]}

    def shown_to(self, user: User) -> Any:
        """The entries that this person may see and change."""
        return self.entries.objects.all()

    def form_for(self, data: Any, entry: Any, user: User) -> Any:
        """The form of an entry, new or known, as this person fills it in."""
        return self.form(data, instance=entry)

    def save(self, form: Any, by: User) -> None:
        """Store what a valid form says."""
        save_entry(form.instance, by=by)

    def views(self) -> dict[str, Any]:
        """The views by what they do, each behind the right of the page."""
        guard = opens_with(self.page)
        return {
            "list": require_GET(guard(self._list)),
            "edit": require_http_methods(["GET", "POST"])(guard(self._edit)),
            "move": require_POST(guard(self._move)),
            "retire": require_POST(guard(self._retire)),
        }

    def _list(self, request: HttpRequest) -> HttpResponse:
        return render(request, self.template, {"catalogue": self, **self.context()})

    def _edit(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        person = _person(request)
        entry = self._entry(pk, person) if pk else self.entries()
        form = self.form_for(request.POST or None, entry, person)
        if request.method == "POST" and form.is_valid():
            self.save(form, person)
            messages.success(request, _("Saved"))
            return redirect(self.home)
        title = self._entry(pk, person).label if pk else self.new
        context = {"catalogue": self, "form": form, "title": title}
        status = 422 if request.method == "POST" else 200
        return render(request, self.form_template, context, status=status)

    def _move(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = _person(request)
        move_entry(self._entry(pk, person), by=person, up=request.POST.get("to") == "up")
        return redirect(self.home)

    def _retire(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = _person(request)
        set_in_use(self._entry(pk, person), by=person, in_use=request.POST.get("in_use") == "1")
        return redirect(self.home)

    def _entry(self, pk: int, user: User) -> Any:
        return get_object_or_404(self.shown_to(user), pk=pk)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
