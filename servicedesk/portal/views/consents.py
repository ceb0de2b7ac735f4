"""What the customer agrees to: each answer is written down with its date and the sentence that was read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from crmcore.actions.consents import say_consents
from crmcore.consents import SENTENCES
from crmcore.models import Consent
from crmcore.queries.consents import history_of, latest_of
from servicedesk.portal.frame import contact_of, customer, customer_page, page

HISTORY = 20


@customer_page
def consents(request: HttpRequest) -> HttpResponse:
    """`/portal/profile/consents/`: yes or no to each sentence, and all that was said before."""
    user = customer(request)
    contact = contact_of(user)
    if request.method == "POST":
        said = {kind: request.POST[kind] == "yes" for kind in SENTENCES if request.POST.get(kind) in ("yes", "no")}
        say_consents(contact, said, by=user, source=Consent.Source.PORTAL)
        messages.success(request, _("Saved"))
        return redirect("portal:consents")
    latest = latest_of(contact)
    context = {
        "section": "profile",
        "rows": [(kind, sentence, latest.get(kind)) for kind, sentence in SENTENCES.items()],
        "history": history_of(contact, most=HISTORY),
    }
    return page(request, "consents.html", context)
