"""Outside firms and their people: the settings pages."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from crmcore.actions.firms import add_firm_person, lock_firm_person
from crmcore.forms.dressing import DressedForm, dressed
from crmcore.models import Firm, User
from servicedesk.setup.access import opens_with
from servicedesk.setup.catalogue import Catalogue

PAGE = "setup:firms"


class FirmForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One firm."""

    class Meta:
        model = Firm
        fields = ("name", "name_zh", "phone", "crews")
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "phone": pgettext_lazy("number", "Phone"),
            "crews": _("Crews"),
        }
        help_texts = {
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "crews": _("How many visits the firm makes at the same time; more are not given to it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dressed(field)


class FirmPersonForm(DressedForm):
    """Somebody of a firm."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=120)
    username = forms.CharField(label=_("User name"), max_length=80)

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"])
        if User.objects.filter(username=username).exists():
            raise forms.ValidationError(gettext("Somebody has this user name."))
        return username


class Firms(Catalogue):
    """The list of firms, with the number of people who can sign in; a firm's page also holds its people."""

    form_template = "servicedesk/setup/firm.html"


FIRMS = Firms("firms", PAGE, "firms", FirmForm, new=_("New firm"), back=_("Outside firms"))


@require_POST
@opens_with(PAGE)
def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody of the firm sign in; the password is shown once."""
    firm, form = get_object_or_404(Firm, pk=pk), FirmPersonForm(request.POST)
    assert isinstance(request.user, User)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("setup:firms_edit", pk)
    password = add_firm_person(firm, by=request.user, **form.cleaned_data)
    said = gettext("%(name)s signs in as %(username)s with the password %(password)s. It is shown only now.")
    messages.success(request, said % {**form.cleaned_data, "password": password})
    return redirect("setup:firms_edit", pk)


@require_POST
@opens_with(PAGE)
def lock_person(request: HttpRequest, pk: int, person_id: int) -> HttpResponse:
    """Keep somebody of the firm out, or let them in again."""
    assert isinstance(request.user, User)
    person = get_object_or_404(User, pk=person_id, firm=pk)
    lock_firm_person(person, locked=request.POST.get("locked") == "1", by=request.user)
    return redirect("setup:firms_edit", pk)
