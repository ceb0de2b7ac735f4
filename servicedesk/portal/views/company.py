"""The people of a company, for those who administer it: who has a sign-in, whom to invite, whom to switch off."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from crmcore.actions.company_people import (
    NotPossible,
    accept,
    invitation_called,
    invite,
    switch_person,
    withdraw_invitation,
)
from crmcore.models import Account, Invitation, User
from crmcore.queries.company import administered, colleagues, open_invitations
from servicedesk.portal.forms_company import AcceptForm, InviteForm
from servicedesk.portal.frame import customer, customer_page, page
from servicedesk.portal.throttle import ACCEPTED, INVITATIONS


@customer_page
def company(request: HttpRequest) -> HttpResponse:
    """`/portal/company/`; `?account=<id>` for who administers several."""
    account = _account(request)
    form = InviteForm(request.POST or None, initial={"language": customer(request).language})
    if request.method == "POST" and form.is_valid() and _invited(request, account, form):
        return _back(account)
    return _show(request, account, form, status=422 if form.is_bound else 200)


@require_POST
@customer_page
def switch(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let a colleague in, or not any more."""
    account = _account(request)
    person = get_object_or_404(User, pk=user_id, contact__memberships__account=account)
    try:
        switch_person(person, account, on=request.POST.get("on") == "1", by=customer(request))
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    return _back(account)


@require_POST
@customer_page
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    account = _account(request)
    withdraw_invitation(get_object_or_404(Invitation, pk=pk, account=account), by=customer(request))
    return _back(account)


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """`/portal/invitation/<token>/`: choose a password and come in."""
    found = invitation_called(token)
    if found is None:
        return page(request, "invitation.html", {"invitation": None}, status=404)
    with translation.override(found.language):
        form = AcceptForm(request.POST or None, email=found.email, initial={"name": found.name})
        if request.method == "POST" and ACCEPTED.is_used_up(request):
            return page(request, "slow_down.html", status=429)
        if request.method == "POST" and form.is_valid():
            try:
                user = accept(found, name=form.cleaned_data["name"], password=form.cleaned_data["password"])
            except NotPossible as refusal:
                form.add_error(None, str(refusal))
            else:
                login(request, user)
                return redirect("portal:home")
        context = {"invitation": found, "form": form}
        return page(request, "invitation.html", context, status=422 if form.is_bound else 200)


def _account(request: HttpRequest) -> Account:
    """The company that is meant. Raises Http404 for who administers none."""
    rows = administered(customer(request))
    wanted = request.POST.get("account") or request.GET.get("account", "")
    found = rows.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 18 else rows.first()
    if found is None:
        raise Http404("company")
    return found


def _invited(request: HttpRequest, account: Account, form: InviteForm) -> bool:
    if INVITATIONS.is_used_up(request):
        form.add_error(None, _("That is a lot of invitations in one hour. Please wait a little"))
        return False
    try:
        invite(account, by=customer(request), **form.cleaned_data)
    except NotPossible as refusal:
        form.add_error("email", str(refusal))
        return False
    messages.success(request, _("An invitation is on its way to %(email)s") % form.cleaned_data)
    return True


def _back(account: Account) -> HttpResponse:
    return redirect(f"{reverse('portal:company')}?account={account.pk}")


def _show(request: HttpRequest, account: Account, form: InviteForm, *, status: int) -> HttpResponse:
    context = {
        "section": "company",
        "account": account,
        "companies": administered(customer(request)),
        "people": colleagues(account),
        "invitations": open_invitations(account),
        "form": form,
    }
    return page(request, "company.html", context, status=status)
