"""Every row of the offer's state table, with what it does to the agent."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crmcore.models.presence import Chosen, SystemState
from telephony.actions.offers import accept_offer, redeem_ticket, reject_offer, rejoin_call
from telephony.actions.transitions import MovedOn
from telephony.join_tickets import TicketRefused
from telephony.models import CallLeg, Offer
from telephony.states import CallState, OfferEnd, OfferState
from tests.telephony.desk import Desk


def test_offer_reserves_the_agent_until_it_expires(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    offer = desk.offer(desk.call(queue=desk.queue))
    presence = desk.presence(mei)
    assert offer is not None
    assert (presence.system, presence.deadline) == (SystemState.RESERVED, offer.expires_at)


def test_accept_takes_the_agent_to_connecting(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    desk.accept(call)
    assert desk.last_offer(call).state == OfferState.ACCEPTED
    assert desk.presence(mei).system == SystemState.CONNECTING


def test_accepting_twice_is_one_leg_and_one_ticket(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    offer = desk.last_offer(call)
    first = redeem(desk, desk.accept(call), "tab-1")
    again = redeem(desk, desk.do(accept_offer, offer.pk, by=offer.agent), "tab-1")
    assert first == again and CallLeg.objects.filter(offer=offer).count() == 1


def test_nobody_else_can_accept(desk: Desk) -> None:
    desk.new_agent("mei")
    offer = desk.last_offer(desk.call(queue=desk.queue))
    omar = desk.new_agent("omar")
    with pytest.raises(PermissionDenied):
        desk.do(accept_offer, offer.pk, by=omar)


def test_expired_offer_cannot_be_accepted_even_before_the_sweeper(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    desk.wait(20, tick=False)
    with pytest.raises(MovedOn):
        desk.accept(call)


def test_reject_frees_the_agent_and_excludes_him_for_half_a_minute(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    offer = desk.last_offer(call)
    desk.do(reject_offer, offer.pk, by=mei)
    desk.do(reject_offer, offer.pk, by=mei)
    assert desk.last_offer(call).end_reason == OfferEnd.REJECTED
    assert desk.presence(mei).system == SystemState.IDLE
    desk.wait(29)
    assert desk.again(call).state == CallState.QUEUED
    desk.wait(2)
    assert desk.again(call).state == CallState.OFFERING


def test_rejected_call_rings_at_the_next_agent_at_once(desk: Desk) -> None:
    mei, omar = desk.new_agent("mei"), desk.new_agent("omar")
    call = desk.call(queue=desk.queue)
    desk.do(reject_offer, desk.last_offer(call).pk, by=mei)
    assert desk.last_offer(call).agent == omar


def test_missed_offer_makes_the_agent_not_responding(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    desk.wait(20)
    assert desk.last_offer(call).end_reason == OfferEnd.TIMEOUT
    presence = desk.presence(mei)
    assert (presence.system, presence.chosen) == (SystemState.NOT_RESPONDING, Chosen.AVAILABLE)
    desk.wait(60)
    assert desk.again(call).state == CallState.QUEUED


def test_caller_who_leaves_costs_the_agent_no_place(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    idle_since = desk.presence(mei).idle_since
    call = desk.call(queue=desk.queue)
    desk.wait(3)
    desk.hangs_up(call)
    presence = desk.presence(mei)
    assert (presence.system, presence.idle_since) == (SystemState.IDLE, idle_since)


def test_caller_who_leaves_while_connecting_frees_the_agent_without_wrap_up(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    desk.accept(call)
    desk.joins(call, desk.agent_leg(call))
    desk.hangs_up(call)
    assert desk.last_offer(call).end_reason == OfferEnd.CALLER_LEFT
    assert desk.presence(mei).system == SystemState.IDLE


def test_no_audio_makes_the_agent_not_responding(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    desk.accept(call)
    desk.wait(8)
    assert desk.last_offer(call).end_reason == OfferEnd.MEDIA_FAILED
    presence = desk.presence(mei)
    assert (presence.system, presence.system_reason) == (SystemState.NOT_RESPONDING, "media")


def test_missing_customer_is_not_the_agents_fault(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    desk.accept(call)
    desk.joins(call, desk.agent_leg(call))
    desk.wait(9)
    assert desk.last_offer(call).end_reason == OfferEnd.CANCELED
    assert desk.presence(mei).system == SystemState.IDLE


def test_lost_screen_takes_the_offer_away(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    desk.at_screen.clear()
    desk.wait(11)
    assert desk.last_offer(call).end_reason == OfferEnd.AGENT_OFFLINE
    assert desk.presence(mei).chosen == Chosen.OFFLINE
    assert desk.again(call).state == CallState.QUEUED


def test_talk_connects_the_offer_and_its_end_completes_it(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call(queue=desk.queue))
    assert desk.last_offer(call).state == OfferState.CONNECTED
    assert desk.presence(mei).system == SystemState.ON_CONTACT
    desk.hangs_up(call)
    assert desk.last_offer(call).end_reason == OfferEnd.COMPLETED
    assert desk.presence(mei).system == SystemState.WRAPUP


def test_ticket_belongs_to_its_first_bearer(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    ticket = desk.accept(call)
    leg = redeem(desk, ticket, "tab-1")
    assert redeem(desk, ticket, "tab-1") == leg == desk.agent_leg(call)
    with pytest.raises(TicketRefused):
        redeem(desk, ticket, "tab-2")


def test_rejoin_replaces_the_ticket(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    old = desk.accept(call)
    redeem(desk, old, "tab-1")
    new = desk.do(rejoin_call, call.pk, by=mei)
    assert redeem(desk, new, "tab-2") == desk.agent_leg(call)
    with pytest.raises(TicketRefused):
        redeem(desk, old, "tab-1")


def test_forged_ticket_is_refused(desk: Desk) -> None:
    with pytest.raises(TicketRefused):
        redeem(desk, "x.y.z", "tab")


def test_database_refuses_a_second_open_offer(desk: Desk) -> None:
    mei, omar = desk.new_agent("mei"), desk.new_agent("omar")
    call = desk.call(queue=desk.queue)
    other = desk.call(queue=desk.new_queue("empty"))
    for agent, target in ((omar, call), (mei, other)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Offer.objects.create(call=target, agent=agent, offered_at=desk.moment, expires_at=desk.moment)


def redeem(desk: Desk, ticket: str, bearer: str) -> CallLeg:
    return desk.do(redeem_ticket, ticket, bearer=bearer)
