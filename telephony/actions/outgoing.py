"""Calls to customers: who may be called, how such a call begins, and how it comes to nothing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction

from crmcore import clock
from crmcore.actions import audit, presence
from crmcore.models import Account, AgentPresence, Contact, Queue, User
from crmcore.models.presence import Chosen
from crmcore.permissions import require
from crmcore.queries.rights import require_reach
from telephony.actions.announcements import announce_call
from telephony.actions.commands import order, ref_of
from telephony.actions.endings import end_call
from telephony.actions.identity import identify, note_decision
from telephony.actions.joins import JOIN_WITHIN
from telephony.actions.offers import ticket_for
from telephony.dial_rules import DialRefused, Refusal
from telephony.models import Call, CallLeg, Offer, PhoneLine
from telephony.providers.base import ConnectAgent
from telephony.providers.dialling import placed_call_id
from telephony.queries.dialling import Route, belongs_to_demo, number_to_call, queue_of_agent, route_to
from telephony.queries.lines import default_queue
from telephony.screen_pop import Decision, Kind, Rule
from telephony.states import (
    BEING_DIALLED,
    IN_CONVERSATION,
    CallOutcome,
    CallState,
    EndReason,
    LegKind,
    LegState,
    OfferState,
    Party,
)
from tickets.models import Ticket

FAILURES = {
    "busy": CallOutcome.BUSY,
    "no_answer": CallOutcome.NO_ANSWER,
    "failed": CallOutcome.FAILED,
}


@dataclass(frozen=True)
class Target:
    """Who is called about what, as the page knew it; anything may be missing."""

    contact: Contact | None = None
    account: Account | None = None
    ticket: Ticket | None = None
    is_imaginary: bool = False

    @property
    def is_demo(self) -> bool:
        return self.is_imaginary or any(
            row is not None and row.is_demo for row in (self.contact, self.account, self.ticket)
        )


@transaction.atomic
def place_call(
    raw_number: str,
    *,
    by: User,
    target: Target | None = None,
    queue: Queue | None = None,
    line: PhoneLine | None = None,
) -> tuple[Call, str]:
    """Call a customer: the agent joins with the ticket that is returned, then the carrier dials.

    `queue` and `line` say where the call counts and whose number the customer sees. Asked again while the same number
    is being called, the answer is the same call. Raises DialRefused, and PermissionDenied for a customer or ticket out
    of reach.
    """
    require(by, "call", "edit")
    target = target or Target()
    _require_reach_of(target, by)
    number = number_to_call(raw_number)
    running = _running_call(by, number)
    if running is not None:
        return running.call, ticket_for(running)
    if Call.objects.filter(direction=Call.Direction.OUT, to_e164=number, state__in=IN_CONVERSATION).exists():
        raise DialRefused(Refusal.BEING_CALLED)
    queue = queue or (target.ticket.queue if target.ticket else None) or queue_of_agent(by) or default_queue()
    is_demo = target.is_demo or belongs_to_demo(number)
    route = route_to(is_demo=is_demo, queue=queue, line=line)
    if route is None:
        raise DialRefused(Refusal.NO_LINE)
    now = clock.now()
    try:
        with transaction.atomic():
            call = new_outgoing(number, route, queue=queue, is_demo=is_demo, target=target, now=now, agent=by)
    except IntegrityError as error:
        raise DialRefused(Refusal.BEING_CALLED) from error
    leg = _seat_agent(call, by, now)
    audit.record("call.placed", call, by=by, detail={"number": number, "provider": route.provider})
    order(call, ConnectAgent(ref_of(call), leg.pk, by.pk), now=now)
    announce_call(call)
    return call, ticket_for(leg)


def new_outgoing(
    number: str,
    route: Route,
    *,
    queue: Queue,
    is_demo: bool,
    target: Target,
    now: datetime,
    agent: User | None = None,
) -> Call:
    """The row of a call that we place, identified; with an agent it is being dialled from the beginning."""
    public_id = uuid4()
    call = Call.objects.create(
        provider=route.provider,
        provider_call_id=placed_call_id(public_id),
        public_id=public_id,
        direction=Call.Direction.OUT,
        state=CallState.DIALING if agent else CallState.NEW,
        agent=agent,
        queue=queue,
        line=route.line,
        from_raw=route.line.number if route.line else "",
        from_e164=route.line.number if route.line else "",
        to_raw=number,
        to_e164=number,
        is_demo=is_demo,
        started_at=now,
        state_since=now,
        state_deadline=now + JOIN_WITHIN,
        last_evidence_at=now,
    )
    CallLeg.objects.create(call=call, kind=LegKind.CUSTOMER, invited_at=now, last_seen_at=now)
    _identify(call, target, now)
    return call


def dial_failed(call: Call, reason: str, *, now: datetime) -> None:
    """The carrier could not reach the customer (locked call). Who has been heard in the room cannot be busy."""
    outcome = FAILURES.get(reason, CallOutcome.FAILED)
    if call.state in BEING_DIALLED:
        end_call(call, by=Party.CARRIER, reason=EndReason.NO_PROGRESS, outcome=outcome, now=now)
    elif call.state == CallState.ENDED and call.outcome == CallOutcome.FAILED and call.answered_at is None:
        call.outcome, call.hung_up_by, call.end_reason = outcome, Party.CARRIER, EndReason.NO_PROGRESS
        call.save(update_fields=["outcome", "hung_up_by", "end_reason"])


def _require_reach_of(target: Target, by: User) -> None:
    for row in (target.contact, target.account, target.ticket):
        if row is not None:
            require_reach(by, "view", row)


def _running_call(by: User, number: str) -> CallLeg | None:
    legs = CallLeg.objects.filter(agent=by, kind=LegKind.AGENT, call__to_e164=number, call__direction="out")
    return legs.exclude(state=LegState.LEFT).select_related("call").first()


def _seat_agent(call: Call, by: User, now: datetime) -> CallLeg:
    """The agent's own offer, taken from the beginning: the same rows as for a call that rang. Raises DialRefused.

    The presence is locked before the offer is stored, as the distribution does it: in the other order each would
    hold what the other waits for.
    """
    if not presence.occupy(by.pk, until=now + JOIN_WITHIN):
        at_work = AgentPresence.objects.filter(user=by).exclude(chosen=Chosen.OFFLINE).exists()
        raise DialRefused(Refusal.BUSY if at_work else Refusal.NOT_ON_SHIFT)
    try:
        with transaction.atomic():
            offer = Offer.objects.create(
                call=call,
                agent=by,
                state=OfferState.ACCEPTED,
                offered_at=now,
                accepted_at=now,
                expires_at=now + JOIN_WITHIN,
            )
    except IntegrityError as error:
        raise DialRefused(Refusal.BUSY) from error
    return CallLeg.objects.create(call=call, kind=LegKind.AGENT, agent=by, offer=offer, invited_at=now)


def _identify(call: Call, target: Target, now: datetime) -> None:
    """Who is called is known from the page; from the number only where the page did not say."""
    contact, account, ticket = target.contact, target.account, target.ticket
    if ticket is not None:
        contact, account = contact or ticket.contact, account or ticket.account
    if contact is None and account is None:
        identify(call, now=now)
        return
    decision = Decision(
        Kind.CUSTOMER if contact else Kind.ACCOUNT,
        Rule.CHOSEN,
        contact_id=contact.pk if contact else None,
        account_id=account.pk if account else None,
        ticket_id=ticket.pk if ticket else None,
    )
    note_decision(call, decision, now=now)
