"""The customer: panel beside the work, and a page of its own."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from crmcore import clock
from crmcore.models import Account, User
from crmcore.views.requests import StaffRequest, number_in, staff_page
from servicedesk.console.bar import caller_of
from servicedesk.console.between import team_of
from servicedesk.console.customer import Customer, customer_for, first_sight, further
from servicedesk.console.desk import Desk, desk_of
from servicedesk.console.history import GROUPS, history_of
from telephony.models import Call
from telephony.queries.campaign_targets import target_in_hand
from telephony.screen_pop import Decision


@staff_page("account")
def side(request: StaffRequest) -> HttpResponse:
    """`?account=&contact=`: the panel; while a call rings or lasts, its caller comes first."""
    user = request.user
    return render(request, "servicedesk/console/_side.html", side_context(request, user, desk_of(user)))


@staff_page("account")
def more(request: StaffRequest) -> HttpResponse:
    """`?account=&contact=`: contact points, opportunities, colleagues, details."""
    user = request.user
    customer = _asked_for(request, user)
    if customer is None:
        raise Http404("no such customer")
    return render(
        request, "servicedesk/console/_customer_more.html", {"customer": customer, "further": further(customer, user)}
    )


@staff_page("account")
def page(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer on a page of its own, with the timeline in the middle."""
    user = request.user
    if survivor := Account.objects.visible_to(user).filter(pk=pk).values_list("merged_into", flat=True).first():
        return redirect("crm:account", survivor)
    customer = customer_for(user, account_id=pk, contact_id=number_in(request, "contact"))
    if customer is None or customer.account is None:
        raise Http404("no such customer")
    context = {
        **_customer_context(customer, user, None),
        "further": further(customer, user),
        "groups": GROUPS,
        "history": history_of(customer, user, group=request.GET.get("show", "all"), key=request.GET.get("before", "")),
    }
    return render(request, "servicedesk/console/customer.html", context)


def side_context(request: StaffRequest, user: User, desk: Desk) -> dict[str, Any]:
    """What region E shows: the caller, the customer asked for, or help."""
    call = desk.call
    customer = _of_call(call, user) if call else _asked_for(request, user) or _to_be_called(user)
    context = {"desk": desk, "user": user, "call": call, "team": [] if customer else team_of(user)}
    if call:
        context["caller"] = caller_of(call, user)
    return {**context, **_customer_context(customer, user, call)}


def _customer_context(customer: Customer | None, user: User, call: Call | None) -> dict[str, Any]:
    if customer is None:
        return {"customer": None}
    queue = call.queue if call else None
    decision = Decision.of(call.pop) if call else None
    return {
        "customer": customer,
        "sight": first_sight(customer, user, clock.now(), queue),
        "is_verified": bool(decision and decision.verified),
    }


def _of_call(call: Call, user: User) -> Customer | None:
    return customer_for(user, account_id=call.account_id, contact_id=call.contact_id)


def _to_be_called(user: User) -> Customer | None:
    """Whom a campaign has put before this agent."""
    target = target_in_hand(user)
    return customer_for(user, account_id=target.account_id, contact_id=target.contact_id) if target else None


def _asked_for(request: StaffRequest, user: User) -> Customer | None:
    return customer_for(user, account_id=number_in(request, "account"), contact_id=number_in(request, "contact"))
