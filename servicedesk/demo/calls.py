"""Calls of the past as rows: the state in which the actions leave a call whose wrap-up has not been finished yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from crmcore.models import Account, Contact, Queue, User
from telephony.models import Call, CallLeg, Offer, PhoneLine, QueueEntry
from telephony.screen_pop import Decision, Kind, Rule
from telephony.states import (
    CallOutcome,
    CallState,
    EndReason,
    EntryEnd,
    LegKind,
    LegState,
    OfferEnd,
    OfferState,
    Party,
)

PROVIDER = "simulated"
WITHHELD = "anonymous"
RING_S = 6
MOVES_OF_A_CONVERSATION = 5
MOVES_OF_AN_ABANDON = 3


@dataclass(frozen=True)
class PastCall:
    """One call. No `agent`: the caller gave up and did not talk. `number` is the customer's, empty when withheld."""

    public_id: UUID
    started_at: datetime
    direction: str
    queue: Queue
    line: PhoneLine
    agent: User | None
    account: Account | None
    contact: Contact | None
    number: str
    wait_s: int
    talk_s: int
    wrap_s: int
    ended_by: Party = Party.CUSTOMER

    @property
    def is_inbound(self) -> bool:
        return self.direction == Call.Direction.IN

    @property
    def waited_until(self) -> datetime:
        return self.started_at + timedelta(seconds=self.wait_s)

    @property
    def ended_at(self) -> datetime:
        return self.waited_until + timedelta(seconds=self.talk_s)

    @property
    def wrapped_up_at(self) -> datetime:
        return self.ended_at + timedelta(seconds=self.wrap_s)

    @property
    def offered_at(self) -> datetime:
        return max(self.started_at, self.waited_until - timedelta(seconds=RING_S))


@dataclass(frozen=True)
class Keys:
    """The rows of a call that was written; no leg where nobody answered."""

    call: int
    leg: int | None


def write_calls(calls: Iterable[PastCall]) -> dict[UUID, Keys]:
    """Insert them with entries, offers and legs; their keys by public id."""
    past = sorted(calls, key=lambda call: call.started_at)
    rows = Call.objects.bulk_create(_call(call) for call in past)
    pairs = list(zip(past, rows, strict=True))
    QueueEntry.objects.bulk_create(_entry(call, row) for call, row in pairs if call.is_inbound)
    offers = Offer.objects.bulk_create(_offer(call, row) for call, row in pairs if call.is_inbound and call.agent)
    offer_of = {offer.call_id: offer for offer in offers}
    CallLeg.objects.bulk_create(_customer_leg(call, row) for call, row in pairs)
    legs = CallLeg.objects.bulk_create(_agent_leg(call, row, offer_of.get(row.pk)) for call, row in pairs if call.agent)
    leg_of = {leg.call_id: leg.pk for leg in legs}
    return {call.public_id: Keys(row.pk, leg_of.get(row.pk)) for call, row in pairs}


def _call(call: PastCall) -> Call:
    theirs = call.number or WITHHELD
    ours = call.line.number
    return Call(
        provider=PROVIDER,
        provider_call_id=f"past-{call.public_id}",
        public_id=call.public_id,
        direction=call.direction,
        state=CallState.ENDED,
        epoch=MOVES_OF_A_CONVERSATION if call.agent else MOVES_OF_AN_ABANDON,
        outcome=CallOutcome.COMPLETED if call.agent else CallOutcome.ABANDONED,
        end_reason=EndReason.HANG_UP,
        hung_up_by=call.ended_by,
        from_raw=theirs if call.is_inbound else ours,
        from_e164=call.number if call.is_inbound else ours,
        to_raw=ours if call.is_inbound else theirs,
        to_e164=ours if call.is_inbound else call.number,
        line=call.line,
        queue=call.queue,
        agent=call.agent,
        account=call.account,
        contact=call.contact,
        pop=_decision(call).as_json(),
        started_at=call.started_at,
        queued_at=call.started_at if call.is_inbound else None,
        answered_at=call.waited_until if call.agent else None,
        ended_at=call.ended_at,
        state_since=call.ended_at,
        last_evidence_at=call.ended_at,
        is_demo=True,
    )


def _decision(call: PastCall) -> Decision:
    account_id = call.account.pk if call.account else None
    if call.contact is not None:
        return Decision(Kind.CUSTOMER, Rule.ONE_CONTACT, contact_id=call.contact.pk, account_id=account_id)
    if call.account is not None:
        return Decision(Kind.ACCOUNT, Rule.SHARED, account_id=account_id)
    if call.number:
        return Decision(Kind.UNKNOWN, Rule.NO_MATCH)
    return Decision(Kind.WITHHELD, Rule.WITHHELD)


def _entry(call: PastCall, row: Call) -> QueueEntry:
    return QueueEntry(
        call=row,
        queue=call.queue,
        entered_at=call.started_at,
        rank=call.started_at,
        tries=1 if call.agent else 0,
        left_at=call.waited_until,
        left_as=EntryEnd.ANSWERED if call.agent else EntryEnd.ABANDONED,
    )


def _offer(call: PastCall, row: Call) -> Offer:
    return Offer(
        call=row,
        agent=call.agent,
        state=OfferState.CLOSED,
        end_reason=OfferEnd.COMPLETED,
        offered_at=call.offered_at,
        expires_at=call.offered_at + timedelta(seconds=call.queue.offer_timeout_s),
        accepted_at=call.waited_until,
        connected_at=call.waited_until,
        closed_at=call.ended_at,
    )


def _customer_leg(call: PastCall, row: Call) -> CallLeg:
    return CallLeg(
        call=row,
        kind=LegKind.CUSTOMER,
        state=LegState.LEFT,
        invited_at=call.started_at,
        joined_at=call.waited_until if call.agent else None,
        left_at=call.ended_at,
        last_seen_at=call.waited_until,
        evidence_at=call.waited_until if call.agent else None,
    )


def _agent_leg(call: PastCall, row: Call, offer: Offer | None) -> CallLeg:
    return CallLeg(
        call=row,
        kind=LegKind.AGENT,
        agent=call.agent,
        offer=offer,
        state=LegState.LEFT,
        invited_at=call.waited_until,
        joined_at=call.waited_until,
        left_at=call.ended_at,
        last_seen_at=call.waited_until,
        evidence_at=call.waited_until,
        talk_seconds=call.talk_s,
        wrap_up_started_at=call.ended_at,
        wrap_up_deadline=call.ended_at + timedelta(seconds=call.queue.wrap_up_s),
    )
