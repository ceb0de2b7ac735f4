"""Why somebody sees a customer, a ticket or an opportunity, and what they may do with it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from crmcore.models import Account, Contact, Opportunity, User
from crmcore.queries.people import people_for
from crmcore.queries.rights_explained import explain
from tickets.models import Ticket

MODELS: dict[str, Any] = {"account": Account, "contact": Contact, "opportunity": Opportunity, "ticket": Ticket}


@require_GET
@login_required
def why(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    """`/settings/why/account/42/`; `?who=7` asks for a colleague whom the reader may see."""
    reader = request.user
    assert isinstance(reader, User)
    if reader.kind != User.Kind.STAFF:
        raise PermissionDenied("why")
    if noun not in MODELS:
        raise Http404(noun)
    row = get_object_or_404(MODELS[noun].objects.visible_to(reader), pk=pk)
    colleagues = list(people_for(reader, "view").exclude(pk=reader.pk))
    asked = request.GET.get("who", "")
    person = next((one for one in colleagues if str(one.pk) == asked), reader)
    context = {"row": row, "person": person, "colleagues": colleagues, "lines": explain(person, row)}
    return render(request, "servicedesk/setup/why.html", context)
