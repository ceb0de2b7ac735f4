"""Somebody would like an offer: their words become a lead, whoever they are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from crmcore.actions.leads import open_lead
from crmcore.models import CodeEntry, CodeList, LeadOrigin, User
from servicedesk.portal import once
from servicedesk.portal.forms_interest import InterestForm
from servicedesk.portal.frame import customer_or_none, language_of, page
from servicedesk.portal.throttle import INTERESTS, INTERESTS_OF_ADDRESS

SOURCE = "website"
_NOBODY = 0


def ask(request: HttpRequest) -> HttpResponse:
    """`/portal/offer/`; everybody gets the same answer, whether we know them or not."""
    if request.method != "POST":
        return _show(request, InterestForm(initial=_known(customer_or_none(request)) | {"once": once.fresh()}))
    form = InterestForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    if form.is_by_robot:
        return redirect("portal:offer-sent")
    wanted = form.cleaned_data
    address = (wanted["email"] or wanted["phone"]).casefold()
    if INTERESTS.is_used_up(request) or INTERESTS_OF_ADDRESS.is_used_up_by(address):
        form.add_error(None, _("That is a lot of requests in one hour. Please wait a little, or call us"))
        return _show(request, form, status=429)
    if once.claim(_NOBODY, wanted["once"]):
        try:
            _open(request, form)
        except Exception:
            once.release(_NOBODY, wanted["once"])
            raise
    return redirect("portal:offer-sent")


def sent(request: HttpRequest) -> HttpResponse:
    """We have it."""
    return page(request, "offer_sent.html", {"section": "offer"})


def _open(request: HttpRequest, form: InterestForm) -> None:
    wanted = form.cleaned_data
    source = CodeEntry.objects.filter(list=CodeList.SOURCE).order_by("-is_active", "position")
    open_lead(
        by=None,
        origin=LeadOrigin.PORTAL,
        consent_wording=str(form.fields["agreed"].label),
        source=source.filter(code=SOURCE).first() or source.first(),
        language=language_of(request),
        **{name: wanted[name] for name in ("name", "employer", "phone", "email", "product", "wanted")},
    )


def _known(customer: User | None) -> dict[str, str]:
    return {"name": customer.name, "email": customer.email} if customer else {}


def _show(request: HttpRequest, form: InterestForm, *, status: int = 200) -> HttpResponse:
    return page(request, "offer.html", {"section": "offer", "form": form}, status=status)
