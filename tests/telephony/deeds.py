"""What people at a busy desk do, at random, to whatever there is at the moment; most of it comes too late."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from crmcore import clock
from crmcore.models import AgentPresence, Outcome, Queue, User
from crmcore.models.presence import Chosen, SystemState
from telephony.actions import consults, parking, readiness, recording_commands
from telephony.actions.callbacks import promise_call
from telephony.actions.calls import hang_up, hold_call, resume_call
from telephony.actions.in_hand import Busy
from telephony.actions.offers import accept_offer, reject_offer, rejoin_call
from telephony.actions.outgoing import place_call
from telephony.actions.outside import ask_outside
from telephony.actions.supervision import supervise, take_over
from telephony.actions.transfers import transfer_to_agent, transfer_to_queue
from telephony.actions.transitions import MovedOn
from telephony.actions.wrap_up import finish_wrap_up, force_finish_wrap_up
from telephony.dial_rules import DialRefused
from telephony.models import Call, CallLeg, Offer
from telephony.states import ASKED, IN_CONVERSATION, CallState, LegKind, LegState, OfferState, Supervision
from tickets.actions.taking import NothingTaken, take_next

TOO_LATE = (Busy, DialRefused, MovedOn, NothingTaken, PermissionDenied, ObjectDoesNotExist)
FIRST = 0.7
RECENT = timedelta(minutes=10)
Deed = Callable[[], Any]


@dataclass(frozen=True)
class Staff:
    """Agents whose screens live on, agents whose screens come and go, supervisors, and what they serve."""

    steady: tuple[int, ...]
    shaky: tuple[int, ...]
    queues: tuple[int, ...]
    supervisors: tuple[int, ...] = ()
    numbers: tuple[str, ...] = field(default=())

    @property
    def agents(self) -> tuple[int, ...]:
        return self.steady + self.shaky


class Deeds:
    """Each answers None when there was nothing to do, and who is to join by which ticket when somebody comes in."""

    def __init__(self, staff: Staff, dice: random.Random) -> None:
        self.staff, self.dice = staff, dice
        self.weighted: list[tuple[Deed, int]] = [
            (self.accept, 8),
            (self.reject, 1),
            (self.agent_hangs_up, 2),
            (self.hold_or_resume, 2),
            (self.consult, 3),
            (self.turn_consultation, 4),
            (self.drop_party, 1),
            (self.pass_on, 1),
            (self.park, 1),
            (self.pick_up, 2),
            (self.record, 2),
            (self.take_ticket, 1),
            (self.wrap_up, 5),
            (self.choose, 2),
        ]
        if staff.supervisors:
            self.weighted += [(self.pass_on_to_agent, 1), (self.come_into_call, 1), (self.take_call_over, 1)]
            self.weighted += [(self.force, 1), (self.rejoin, 1)]
        if staff.numbers:
            self.weighted += [(self.call_out, 1), (self.promise, 1), (self.ask_outside, 1)]

    def one(self) -> tuple[str, Any]:
        """Do something; its name, and its answer. Raises one of TOO_LATE."""
        deeds, weights = zip(*self.weighted, strict=True)
        deed = self.dice.choices(deeds, weights)[0]
        return deed.__name__, deed()

    def accept(self) -> Any:
        offer = self.one_of(Offer.objects.filter(state=OfferState.PENDING).select_related("agent"))
        return offer and (offer.agent_id, accept_offer(offer.pk, by=offer.agent))

    def reject(self) -> Any:
        offer = self.one_of(Offer.objects.filter(state=OfferState.PENDING).select_related("agent"))
        return offer and (reject_offer(offer.pk, by=offer.agent) or True)

    def agent_hangs_up(self) -> Any:
        call = self.talking()
        return call and bool(hang_up(call.pk, by=call.agent))

    def hold_or_resume(self) -> Any:
        call = self.talking()
        return call and bool(self.dice.choice([hold_call, resume_call])(call.pk, by=call.agent))

    def consult(self) -> Any:
        call = self.talking()
        return call and bool(consults.consult(call.pk, self.somebody(), by=call.agent))

    def turn_consultation(self) -> Any:
        with_side = CallLeg.objects.filter(kind=LegKind.CONSULT).exclude(state=LegState.LEFT)
        leg = self.one_of(with_side.select_related("call__agent", "agent"))
        if leg is None:
            return None
        turn = self.dice.choice([consults.swap, consults.merge, consults.complete, consults.cancel_consult, None])
        if turn is None:
            consults.leave_call(leg.call_id, by=leg.agent)
        else:
            turn(leg.call_id, by=leg.call.agent)
        return True

    def pass_on(self) -> Any:
        call = self.talking()
        if call is None:
            return None
        queue = Queue.objects.get(pk=self.dice.choice(self.staff.queues))
        return bool(transfer_to_queue(call.pk, queue, by=call.agent))

    def pass_on_to_agent(self) -> Any:
        call = self.talking()
        return call and bool(transfer_to_agent(call.pk, self.somebody(), by=call.agent))

    def drop_party(self) -> Any:
        with_somebody = CallLeg.objects.filter(kind__in=ASKED).exclude(state=LegState.LEFT)
        leg = self.one_of(with_somebody.select_related("call__agent"))
        return leg and bool(consults.drop_party(leg.call_id, leg.pk, by=leg.call.agent))

    def ask_outside(self) -> Any:
        call, number = self.talking(), self.dice.choice(self.staff.numbers)
        return call and bool(ask_outside(call.pk, number, by=call.agent, passes_on=self.dice.random() < 0.3))

    def park(self) -> Any:
        call = self.talking()
        return call and bool(parking.park(call.pk, by=call.agent))

    def pick_up(self) -> Any:
        call, agent = self.one_of(Call.objects.filter(state=CallState.PARKED)), self.somebody()
        return call and (agent.pk, parking.pick_up(call.pk, by=agent)[1])

    def record(self) -> Any:
        """Start, stop, pause or resume; what the queue does not want is refused."""
        call = self.talking()
        commands = recording_commands
        turn = self.dice.choice(
            [commands.start_recording, commands.stop_recording, commands.pause_recording, commands.resume_recording]
        )
        return call and (turn(call.pk, by=call.agent) or True)

    def take_ticket(self) -> Any:
        return bool(take_next(by=self.somebody()))

    def wrap_up(self) -> Any:
        legs = CallLeg.objects.filter(wrap_up_started_at__isnull=False, wrap_up_ended_at=None)
        leg = self.one_of(legs.filter(joined_at__gt=clock.now() - RECENT).select_related("agent"))
        if leg is None:
            return None
        outcome = Outcome.objects.filter(queue=None, is_automatic=False).order_by("?").first()
        return bool(finish_wrap_up(leg.pk, by=leg.agent, outcome=outcome))

    def choose(self) -> Any:
        agent = self.somebody()
        kinds = [Chosen.AVAILABLE, Chosen.AVAILABLE, Chosen.AUX]
        return bool(readiness.choose(agent, self.dice.choice(kinds), by=agent))

    def force(self) -> Any:
        """A supervisor ends a wrap-up, or sets the state of somebody who has left the desk unready."""
        boss = User.objects.get(pk=self.dice.choice(self.staff.supervisors))
        wrapping = self.one_of(AgentPresence.objects.filter(system=SystemState.WRAPUP).select_related("user"))
        if wrapping is not None and self.dice.random() < 0.5:
            return force_finish_wrap_up(wrapping.user, by=boss)
        return bool(readiness.choose(self.somebody(), self.dice.choice(Chosen.values), by=boss))

    def come_into_call(self) -> Any:
        call = self.talking()
        boss = User.objects.get(pk=self.dice.choice(self.staff.supervisors))
        return call and (boss.pk, supervise(call.pk, Supervision(self.dice.choice(Supervision.values)), by=boss))

    def take_call_over(self) -> Any:
        leg = self.one_of(CallLeg.objects.filter(kind=LegKind.SUPERVISOR, state=LegState.JOINED))
        if leg is None:
            return None
        if self.dice.random() < 0.5:
            return bool(take_over(leg.call_id, by=leg.agent))
        return consults.leave_call(leg.call_id, by=leg.agent) or True

    def rejoin(self) -> Any:
        """Somebody whose line broke comes back."""
        legs = CallLeg.objects.exclude(kind=LegKind.CUSTOMER).exclude(state=LegState.LEFT)
        leg = self.one_of(legs.filter(lost_at__isnull=False).select_related("agent"))
        return leg and (leg.agent_id, rejoin_call(leg.call_id, by=leg.agent))

    def call_out(self) -> Any:
        agent = self.somebody()
        return agent.pk, place_call(self.dice.choice(self.staff.numbers), by=agent)[1]

    def promise(self) -> Any:
        at = clock.now() + timedelta(seconds=self.dice.randint(1, 20))
        return bool(promise_call(self.dice.choice(self.staff.numbers), by=self.somebody(), at=at))

    def somebody(self) -> User:
        return User.objects.get(pk=self.dice.choice(self.staff.agents))

    def talking(self) -> Any:
        return self.one_of(Call.objects.filter(state__in=IN_CONVERSATION).select_related("agent"))

    def live(self) -> Any:
        return self.one_of(Call.objects.exclude(state=CallState.ENDED))

    def one_of(self, rows: Any) -> Any:
        """Mostly the first row, so that both processes often reach for the same one."""
        listed = list(rows)
        if not listed:
            return None
        return listed[0] if self.dice.random() < FIRST else self.dice.choice(listed)
