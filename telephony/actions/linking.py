"""The agent says whose call it is, also after the call; the record moves there, audited."""

from typing import Any

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.contact_points import NewPoint, remember_number
from crmcore.actions.customers import create_contact
from crmcore.models import Account, Contact, ContactPoint, User
from crmcore.queries.rights import require_reach
from telephony.actions.announcements import announce_call
from telephony.actions.contact_record import move_contact
from telephony.actions.identity import note_decision
from telephony.actions.transitions import lock_call_for
from telephony.models import Call, CallLeg
from telephony.screen_pop import SHOWN, Decision, Kind, Rule
from tickets.models import Ticket


@transaction.atomic
def link_call(
    call_id: int,
    *,
    by: User,
    contact: Contact | None = None,
    account: Account | None = None,
    ticket: Ticket | None = None,
    remember: bool = False,
) -> Call:
    """Move the call to another customer; `remember` keeps the number with them for the next time.

    Raises PermissionDenied for a call, customer or ticket out of the agent's reach, ValueError without a customer.
    """
    call = lock_call_for(call_id, by)
    for target in (contact, account, ticket):
        if target is not None and not _is_customer_of(call, target):
            require_reach(by, "view", target)
    if contact is None and account is None:
        raise ValueError("a call is linked to a contact, an account or both")
    _link(call, by=by, contact=contact, account=account or _only_account(contact), ticket=ticket)
    holder = contact or account
    if remember and holder is not None and call.customer_number:
        remember_number(holder, call.customer_number, by=by)
    return call


@transaction.atomic
def set_call_ticket(call_id: int, ticket: Ticket | None, *, by: User) -> Call:
    """Let the call belong to another ticket, or to none: then the wrap-up opens one if the outcome needs it."""
    call = lock_call_for(call_id, by)
    if ticket is not None and not _is_customer_of(call, ticket):
        require_reach(by, "view", ticket)
    if call.ticket == ticket:
        return call
    audit.record("call.ticket_set", call, by=by, detail={"from": call.ticket_id, "to": ticket.pk if ticket else None})
    call.ticket = ticket
    call.save(update_fields=["ticket"])
    announce_call(call)
    return call


@transaction.atomic
def register_caller(call_id: int, *, by: User, name: str, account: Account | None = None, **fields: Any) -> Contact:
    """Make the unknown caller a contact with this number; the live card changes at once. Asked twice, it is one."""
    call = lock_call_for(call_id, by)
    if call.contact is not None and call.contact.name == name.strip():
        return call.contact
    points = [NewPoint(ContactPoint.Kind.PHONE, call.customer_number, source="call")] if call.customer_number else []
    contact = create_contact(by=by, name=name, account=account, points=points, is_demo=call.is_demo, **fields)
    _link(call, by=by, contact=contact, account=account, ticket=None)
    return contact


def _link(call: Call, *, by: User, contact: Contact | None, account: Account | None, ticket: Ticket | None) -> None:
    before = _who(call)
    decision = Decision(
        Kind.CUSTOMER if contact else Kind.ACCOUNT,
        Rule.CHOSEN,
        contact_id=contact.pk if contact else None,
        account_id=account.pk if account else None,
        ticket_id=ticket.pk if ticket else None,
        ticket_ids=_open_tickets(contact, account),
    )
    note_decision(call, decision, now=clock.now())
    if before == _who(call):
        return
    audit.record("call.linked", call, by=by, detail={"from": before, "to": _who(call)})
    for leg in CallLeg.objects.filter(call=call, interaction__isnull=False).select_related("agent"):
        move_contact(call, leg, by=by)
        leg.save(update_fields=["interaction"])
    announce_call(call)


def _is_customer_of(call: Call, target: Contact | Account | Ticket) -> bool:
    """Whether the screen pop itself proposed the target, which then may be chosen whatever the agent else may see."""
    if isinstance(target, Ticket):
        return target.pk in call.pop.get("ticket_ids", [])
    key = "contact_id" if isinstance(target, Contact) else "account_id"
    return target.pk in {call.pop.get(key), *(candidate[key] for candidate in call.pop.get("candidates", []))}


def _only_account(contact: Contact | None) -> Account | None:
    memberships = list(contact.memberships.select_related("account")[:2]) if contact else []
    return memberships[0].account if len(memberships) == 1 else None


def _who(call: Call) -> dict[str, int | None]:
    return {"contact": call.contact_id, "account": call.account_id, "ticket": call.ticket_id}


def _open_tickets(contact: Contact | None, account: Account | None) -> list[int]:
    tickets = Ticket.objects.filter(is_active=True)
    tickets = tickets.filter(contact=contact) if contact else tickets.filter(account=account)
    return list(tickets.order_by("-last_event_at").values_list("pk", flat=True)[:SHOWN])
