"""Two connections at the same moment: one of them wins, and nothing is left half done."""

import time
from datetime import datetime, timedelta
from functools import partial
from threading import Event

import pytest
from django.db import transaction

from crmcore import clock
from crmcore.actions import people, presence
from crmcore.models import AgentPresence, Queue, QueueMembership, User
from telephony.actions import distribution
from telephony.actions.distribution import distribute
from telephony.actions.fold import fold
from telephony.actions.offers import accept_offer, redeem_ticket, reject_offer
from telephony.actions.outgoing import place_call
from telephony.actions.sweep import sweep
from telephony.actions.transitions import MovedOn
from telephony.dial_rules import DialRefused, Refusal
from telephony.join_tickets import TicketRefused
from telephony.models import Call, CallLeg, Offer, PhoneLine, QueueEntry
from telephony.providers.base import CallerHungUp, Incoming
from telephony.states import CallState, OfferState
from tests.at_once import at_once
from tests.telephony.busy_worker import names
from tests.telephony.invariants import check

ROUNDS = 4
MET = (MovedOn, TicketRefused)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("carriers")]


@pytest.fixture
def queue() -> Queue:
    people.ensure_roles()
    team = people.create_team("race", "Race")
    return Queue.objects.create(code="race", name="Race", team=team)


def agent(queue: Queue, name: str) -> User:
    user = people.create_user(name, name=name, password=None, roles=["agent"], by=None)
    QueueMembership.objects.create(queue=queue, user=user)
    presence.start_shift(user)
    return user


def call(queue: Queue, call_id: str) -> Call:
    made = fold(Incoming(**names(call_id), from_number="anonymous", context={"queue_id": queue.pk}))
    assert made is not None
    return Call.objects.get(pk=made.pk)


def test_accept_twice_is_one_leg(queue: Queue) -> None:
    mei = agent(queue, "mei")
    offer = Offer.objects.get(call=call(queue, "c"))
    tickets = at_once(*[lambda: accept_offer(offer.pk, by=mei)] * 3, refusals=MET)
    assert CallLeg.objects.filter(offer=offer).count() == 1
    doors = [partial(redeem_ticket, ticket, bearer=f"tab-{n}") for n, ticket in enumerate(tickets)]
    winners = at_once(*doors, refusals=MET)
    assert sum(isinstance(winner, CallLeg) for winner in winners) == 1


def test_accept_against_hang_up_leaves_no_ghost(queue: Queue) -> None:
    mei = agent(queue, "mei")
    for number in range(ROUNDS):
        ringing = call(queue, f"c{number}")
        offer = Offer.objects.get(call=ringing)
        hung_up = CallerHungUp(**names(ringing.provider_call_id))
        at_once(partial(accept_offer, offer.pk, by=mei), partial(fold, hung_up), refusals=MET)
        ringing.refresh_from_db()
        assert ringing.state == CallState.ENDED
        assert not Offer.objects.exclude(state=OfferState.CLOSED).exists()
        check(clock.now())


def test_accept_against_the_deadline_is_one_of_both(queue: Queue) -> None:
    for number in range(ROUNDS):
        agent(queue, f"mei{number}")
        ringing = call(queue, f"c{number}")
        offer = Offer.objects.get(call=ringing)

        Offer.objects.filter(pk=offer.pk).update(expires_at=clock.now() + timedelta(milliseconds=20))
        at_once(partial(accept_offer, offer.pk, by=offer.agent), sweep, sweep, refusals=MET)
        # A sweeper that met the other's lock leaves the row to the next tick.
        time.sleep(0.02)
        sweep()
        offer.refresh_from_db()
        assert offer.state in (OfferState.ACCEPTED, OfferState.CLOSED)
        check(clock.now())
        fold(CallerHungUp(**names(ringing.provider_call_id)))


def test_accept_against_reject_is_one_of_both(queue: Queue) -> None:
    mei = agent(queue, "mei")
    offer = Offer.objects.get(call=call(queue, "c"))
    at_once(lambda: accept_offer(offer.pk, by=mei), lambda: reject_offer(offer.pk, by=mei), refusals=MET)
    check(clock.now())


def test_same_call_told_by_two_webhooks_is_one_call(queue: Queue) -> None:
    signal = Incoming(provider="quiet", provider_call_id="c", token="t", from_number="anonymous")
    at_once(*[lambda: fold(signal)] * 4)
    assert (Call.objects.count(), QueueEntry.objects.count()) == (1, 1)


def test_four_distributors_give_every_call_and_agent_away_once(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distribution, "AT_ONCE", 3)
    agents = [agent(queue, f"a{number}") for number in range(6)]
    presence_was = [presence.choose(user, "aux", by=user) for user in agents]
    for number in range(8):
        call(queue, f"c{number}")
    for row in presence_was:
        presence.choose(row.user, "available", by=row.user)
    made = at_once(*[distribute] * 4)
    distribute()
    assert sum(made) <= 6
    assert Offer.objects.filter(state=OfferState.PENDING).count() == 6
    check(clock.now())


def test_sign_of_life_of_many_does_not_block_a_change_of_two(queue: Queue) -> None:
    mei, tom = agent(queue, "mei"), agent(queue, "tom")
    held = Event()

    def change_both() -> None:
        with transaction.atomic():
            AgentPresence.objects.select_for_update().get(user=tom)
            held.set()
            time.sleep(0.3)
            AgentPresence.objects.select_for_update().get(user=mei)

    def sign_of_life() -> None:
        held.wait()
        presence.device_seen([mei.pk, tom.pk])

    before = clock.now()
    at_once(change_both, sign_of_life)
    assert AgentPresence.objects.filter(user__in=[mei, tom], last_seen_at__gte=before).count() == 2


def test_call_of_ones_own_against_an_offer_is_one_of_both(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both reserve the agent and store an offer, in the same order: else each would wait for the other for ever."""
    PhoneLine.objects.create(name="Main", number="+862151008000", queue=queue)
    mei, reserve, reserved = agent(queue, "mei"), presence.reserve, Event()

    def reserve_slowly(user_id: int, *, until: datetime) -> bool:
        done = reserve(user_id, until=until)
        reserved.set()
        time.sleep(0.3)
        return done

    def call_somebody() -> bool:
        reserved.wait()
        try:
            place_call("+8613800138000", by=mei)
        except DialRefused as refused:
            return refused.refusal == Refusal.BUSY
        return False

    monkeypatch.setattr(presence, "reserve", reserve_slowly)
    _call, was_busy = at_once(partial(call, queue, "c1"), call_somebody)
    assert was_busy
    assert Offer.objects.get().agent == mei
    check(now=clock.now())
