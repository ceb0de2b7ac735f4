"""Numbers that nobody of the desk calls: the settings page of the list."""

import re

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from crmcore import phone_numbers
from crmcore.forms.dressing import DressedForm
from crmcore.models import User
from servicedesk.setup.access import opens_with
from telephony.actions.do_not_call import allow, forbid
from telephony.models import DoNotCallNumber

SHOWN = 100


class NumberForm(DressedForm):
    """One number."""

    number = forms.CharField(
        label=_("Phone number"), max_length=60, help_text=_("As people write it; without a country code it is ours.")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False, help_text=_("Who asked for it, and when."))

    def clean_number(self) -> str:
        number = phone_numbers.normalise(self.cleaned_data["number"], settings.DEFAULT_PHONE_REGION)
        if number.kind != phone_numbers.Kind.NUMBER or not number.value.startswith("+"):
            raise forms.ValidationError(gettext("This is not a number that can be called."))
        return number.value


@require_http_methods(["GET", "POST"])
@opens_with("setup:do_not_call")
def do_not_call(request: HttpRequest) -> HttpResponse:
    """`?q=`: the list, the newest first, searched by digits; posted, a number is added."""
    form, words = NumberForm(request.POST or None), request.GET.get("q", "").strip()
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        forbid(form.cleaned_data["number"], by=request.user, note=form.cleaned_data["note"])
        messages.success(request, gettext("Nobody calls this number any more"))
        return redirect("setup:do_not_call")
    entries = DoNotCallNumber.objects.select_related("by")
    if digits := re.sub(r"\D", "", words):
        entries = entries.filter(number__contains=digits)
    rows = [(entry, phone_numbers.pretty(entry.number)) for entry in entries[: SHOWN + 1]]
    context = {"form": form, "rows": rows[:SHOWN], "more": len(rows) > SHOWN, "shown": SHOWN, "words": words}
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/do_not_call.html", context, status=status)


@require_POST
@opens_with("setup:do_not_call")
def allow_number(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Take a number off the list."""
    assert isinstance(request.user, User)
    allow(get_object_or_404(DoNotCallNumber, pk=entry_id), by=request.user)
    messages.success(request, gettext("The number is off the list"))
    return redirect("setup:do_not_call")
