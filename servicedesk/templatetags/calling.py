"""Buttons that call a customer, shown only where somebody could answer."""

from typing import Any

from django import template
from django.conf import settings
from django.db.models import F, Q
from django.http import HttpRequest
from django.template import Context

from crmcore import phone_numbers
from crmcore.models import ContactPoint, User
from crmcore.permissions import may
from telephony.models import Call
from telephony.queries.dialling import route_to
from tickets.models import Ticket

register = template.Library()


@register.inclusion_tag("components/_call_button.html", takes_context=True)
def call_button(
    context: Context,
    number: str,
    *,
    contact: int | None = None,
    account: int | None = None,
    ticket: int | None = None,
    name: str = "",
    words: bool = False,
) -> dict[str, Any]:
    """A button that calls `number`, for the customer and ticket with these ids; with `words` it says what it does."""
    return {
        "shown": bool(number) and may_call(getattr(context, "request", None)),
        "number": number,
        "pretty": phone_numbers.pretty(number),
        "name": name,
        "contact": contact,
        "account": account,
        "ticket": ticket,
        "words": words,
    }


@register.inclusion_tag("components/_call_button.html", takes_context=True)
def call_point(context: Context, point: ContactPoint) -> dict[str, Any]:
    """The button beside a contact point, if it is a telephone that may be called."""
    is_callable = point.kind == ContactPoint.Kind.PHONE and not point.opted_out
    number = point.value if is_callable else ""
    shown: dict[str, Any] = call_button(context, number, contact=point.contact_id, account=point.account_id)
    return shown


@register.inclusion_tag("components/_call_or_promise.html", takes_context=True)
def call_requester(context: Context, ticket: Ticket) -> dict[str, Any]:
    """The buttons on a ticket that call and that promise a call: the requester's own number, else the customer's."""
    number = _number_of(ticket) if may_call(getattr(context, "request", None)) else ""
    found: dict[str, Any] = call_button(
        context, number, contact=ticket.contact_id, account=ticket.account_id, ticket=ticket.pk, words=True
    )
    return found


@register.inclusion_tag("components/_promise_button.html", takes_context=True)
def promise_caller(context: Context, call: Call) -> dict[str, Any]:
    """The button in a wrap-up that promises another call."""
    found: dict[str, Any] = call_button(
        context, call.customer_number, contact=call.contact_id, account=call.account_id, ticket=call.ticket_id
    )
    return found


def may_call(request: HttpRequest | None) -> bool:
    """Whether this reader may place calls and some carrier would; asked once a request."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.is_portal:
        return False
    if not hasattr(request, "_may_call"):
        request._may_call = may(user, "call", "edit") and route_to(is_demo=settings.DEMO) is not None  # type: ignore[union-attr]
    return bool(request._may_call)  # type: ignore[union-attr]


def _number_of(ticket: Ticket) -> str:
    holders = Q(contact=ticket.contact_id) if ticket.contact_id else Q(pk__in=[])
    if ticket.account_id:
        holders |= Q(account=ticket.account_id)
    phones = ContactPoint.objects.filter(holders, kind=ContactPoint.Kind.PHONE, opted_out=False)
    own_first = phones.order_by(F("contact").asc(nulls_last=True), "-is_preferred", "pk")
    return own_first.values_list("value", flat=True).first() or ""
