"""Our own numbers and the carrier that brings their calls."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from crmcore.findings import Level
from crmcore.models import User
from servicedesk.checkup import relay_findings
from servicedesk.setup.access import opens_with
from servicedesk.setup.carrier_forms import LineForm, TestCallForm
from telephony.actions import phone_lines
from telephony.models import PhoneLine
from telephony.providers.base import CarrierError
from telephony.providers.twilio.account import Account
from telephony.providers.twilio.carrier_checks import credentials
from telephony.providers.twilio.faults import Gone
from telephony.queries.carrier_state import carrier_findings

PAGE = "setup:carrier"
LOOKS = {
    Level.OK: ("ready", "icon:circle-check"),
    Level.WARNING: ("hold", "icon:alert-triangle"),
    Level.FAULT: ("breach", "icon:alert-circle"),
}


@opens_with(PAGE)
@require_GET
def carrier(request: HttpRequest) -> HttpResponse:
    """Numbers and credentials; with `check`, also what the carrier says, which takes seconds."""
    return _page(request, TestCallForm(), check="check" in request.GET)


@opens_with(PAGE)
def new_line(request: HttpRequest) -> HttpResponse:
    return _edit(request, PhoneLine())


@opens_with(PAGE)
def edit_line(request: HttpRequest, line_id: int) -> HttpResponse:
    return _edit(request, get_object_or_404(PhoneLine, pk=line_id))


@opens_with(PAGE)
@require_POST
def use_line(request: HttpRequest, line_id: int, in_use: bool) -> HttpResponse:
    """Retire a number, or take it into use again."""
    phone_lines.use_line(line_id, in_use, by=_person(request))
    return redirect(PAGE)


@opens_with(PAGE)
@require_POST
def connect_lines(request: HttpRequest) -> HttpResponse:
    """Set the webhooks of all our numbers and of the application at the carrier."""
    try:
        count = phone_lines.connect_lines(by=_person(request))
    except (CarrierError, Gone) as error:
        messages.error(request, _("The carrier refused: %s") % error)
    else:
        text = ngettext("%(count)d number is connected", "%(count)d numbers are connected", count)
        messages.success(request, text % {"count": count})
    return redirect(PAGE)


@opens_with(PAGE)
@require_POST
def call_to_test(request: HttpRequest) -> HttpResponse:
    """Let a telephone ring from one of our numbers."""
    form = TestCallForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        phone_lines.call_to_test(form.cleaned_data["line"], form.cleaned_data["to"], by=_person(request))
    except (CarrierError, Gone) as error:
        form.add_error("to", _("The carrier refused: %s") % error)
        return _page(request, form, status=422)
    messages.success(request, _("The telephone will ring in a moment"))
    return redirect(PAGE)


def _edit(request: HttpRequest, line: PhoneLine) -> HttpResponse:
    form = LineForm(request.POST or None, instance=line)
    if request.method == "POST" and form.is_valid():
        phone_lines.save_line(form.instance, by=_person(request))
        messages.success(request, _("Saved"))
        return redirect(PAGE)
    stored = PhoneLine.objects.filter(pk=line.pk).first() if line.pk else None
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/phone_line.html", {"form": form, "line": stored}, status=status)


def _page(request: HttpRequest, form: TestCallForm, *, check: bool = False, status: int = 200) -> HttpResponse:
    account = Account.configured()
    findings = [*carrier_findings(), *relay_findings()] if check else []
    context = {
        "lines": PhoneLine.objects.select_related("queue", "flow").order_by("-is_active", "number"),
        "credentials": credentials(account),
        "can_ask": account.takes_commands,
        "findings": [(finding, *LOOKS[finding.level]) for finding in findings],
        "checked": check,
        "form": form,
    }
    return render(request, "servicedesk/setup/carrier.html", context, status=status)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
