"""The lists from which customers and contacts are described: sources, industries, salutations and the like."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crmcore.forms.dressing import dressed
from crmcore.models import CodeEntry, CodeList, User
from servicedesk.setup.access import opens_with
from servicedesk.setup.catalogue import Catalogue

PAGE = "setup:code_lists"


class CodeEntryForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One entry of a list."""

    class Meta:
        model = CodeEntry
        fields = ("name", "name_zh")
        labels = {"name": _("Name"), "name_zh": _("Chinese name")}
        help_texts = {
            "name": _("What colleagues choose and reports show."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dressed(field)


class OneList(Catalogue):
    """The pages of the entries of one list."""

    def __init__(self, which: CodeList) -> None:
        super().__init__("code_lists", PAGE, "lists", CodeEntryForm, new=_("New entry"), back=which.label)
        self.which = which

    @property
    def home(self) -> str:
        return f"{reverse(PAGE)}?{urlencode({'list': self.which.value})}"

    def url(self, act: str, *args: object) -> str:
        return reverse(f"setup:code_entry_{act}", args=[self.which.value, *args])

    def shown_to(self, user: User) -> Any:
        return CodeEntry.objects.filter(list=self.which)

    def form_for(self, data: Any, entry: Any, user: User) -> Any:
        entry.list = entry.list or self.which
        return super().form_for(data, entry, user)

    def context(self) -> dict[str, Any]:
        rows = list(CodeEntry.objects.filter(list=self.which).order_by("position", "pk"))
        return {"used": [row for row in rows if row.is_active], "retired": [row for row in rows if not row.is_active]}


LISTS = {which.value: OneList(which) for which in CodeList}
VIEWS = {which: one.views() for which, one in LISTS.items()}


@require_GET
@opens_with(PAGE)
def code_lists(request: HttpRequest) -> HttpResponse:
    """One list, `?list=` names which; the others are a click away."""
    shown = LISTS.get(request.GET.get("list", ""), LISTS[CodeList.SOURCE])
    lists = [(one.back, one.home, one is shown) for one in LISTS.values()]
    context = {"catalogue": shown, "lists": lists, "new_url": shown.url("new"), **shown.context()}
    return render(request, "servicedesk/setup/code_lists.html", context)


def _of_list(act: str) -> Callable[..., HttpResponse]:
    """What a list does with its entries, the list being named in the address."""

    def view(request: HttpRequest, which: str, **entry: int) -> HttpResponse:
        if which not in VIEWS:
            raise Http404
        answer: HttpResponse = VIEWS[which][act](request, **entry)
        return answer

    return view


CODE_LISTS = [
    path("lists/", code_lists, name="code_lists"),
    path("lists/<slug:which>/new/", _of_list("edit"), name="code_entry_new"),
    path("lists/<slug:which>/<int:pk>/", _of_list("edit"), name="code_entry_edit"),
    path("lists/<slug:which>/<int:pk>/move/", _of_list("move"), name="code_entry_move"),
    path("lists/<slug:which>/<int:pk>/retire/", _of_list("retire"), name="code_entry_retire"),
]
