"""A call that rings at several agents at once: one takes it, the others lose nothing."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from crmcore.models import User
from crmcore.models.presence import SystemState
from crmcore.strategies import Strategy
from telephony.actions.offers import accept_offer, reject_offer
from telephony.actions.transitions import MovedOn
from telephony.models import Call, CallLeg, Offer
from telephony.states import CallState, OfferEnd, OfferState
from tests.telephony.desk import Desk
from tests.telephony.invariants import check


@pytest.fixture
def team(desk: Desk) -> list[User]:
    desk.queue.strategy = Strategy.RING_ALL
    desk.queue.save()
    return [desk.new_agent(name) for name in ("mei", "omar", "sun")]


def ringing(call: Call) -> list[str]:
    rung = Offer.objects.filter(call=call, state=OfferState.PENDING).order_by("agent_id")
    return [str(name) for name in rung.values_list("agent__username", flat=True)]


def offer_to(call: Call, agent: User) -> Offer:
    return Offer.objects.filter(call=call, agent=agent).order_by("-pk")[0]


def test_it_rings_at_everybody_free(desk: Desk, team: list[User]) -> None:
    assert ringing(desk.call()) == ["mei", "omar", "sun"]
    check(desk.moment)


def test_one_wins_and_the_others_keep_their_place(desk: Desk, team: list[User]) -> None:
    before = [desk.presence(agent).idle_since for agent in team]
    call = desk.call()
    desk.moment += timedelta(seconds=5)
    desk.do(accept_offer, offer_to(call, team[1]).pk, by=team[1])
    assert [offer_to(call, agent).end_reason for agent in team] == [OfferEnd.OTHER_AGENT, "", OfferEnd.OTHER_AGENT]
    for place in (0, 2):
        presence = desk.presence(team[place])
        assert (presence.system, presence.idle_since) == (SystemState.IDLE, before[place])
    check(desk.moment)


def test_who_comes_second_is_told_and_changes_nothing(desk: Desk, team: list[User]) -> None:
    call = desk.call()
    desk.do(accept_offer, offer_to(call, team[0]).pk, by=team[0])
    with pytest.raises(MovedOn) as told:
        desk.do(accept_offer, offer_to(call, team[1]).pk, by=team[1])
    assert told.value.reason == OfferEnd.OTHER_AGENT
    assert CallLeg.objects.filter(call=call, agent__isnull=False).count() == 1


def test_one_who_declines_leaves_it_ringing_at_the_others(desk: Desk, team: list[User]) -> None:
    call = desk.call()
    desk.do(reject_offer, offer_to(call, team[0]).pk, by=team[0])
    assert (desk.again(call).state, ringing(call)) == (CallState.OFFERING, ["omar", "sun"])


def test_when_the_last_declines_it_waits_at_its_place(desk: Desk, team: list[User]) -> None:
    call = desk.call()
    for agent in team:
        desk.do(reject_offer, offer_to(call, agent).pk, by=agent)
    assert (desk.again(call).state, ringing(call)) == (CallState.QUEUED, [])
    check(desk.moment)
    desk.wait(31)
    assert ringing(call) == ["mei", "omar", "sun"]


def test_nobody_answers_and_everybody_is_not_responding(desk: Desk, team: list[User]) -> None:
    call = desk.call()
    desk.wait(21)
    assert desk.again(call).state == CallState.QUEUED
    assert {desk.presence(agent).system for agent in team} == {SystemState.NOT_RESPONDING}
    check(desk.moment)


def test_caller_who_leaves_stops_all_of_it(desk: Desk, team: list[User]) -> None:
    call = desk.call()
    desk.hangs_up(call)
    assert {offer_to(call, agent).end_reason for agent in team} == {OfferEnd.CALLER_LEFT}
    check(desk.moment)


def test_winner_without_audio_brings_it_back_to_the_others(desk: Desk, team: list[User]) -> None:
    call = desk.call()
    desk.do(accept_offer, offer_to(call, team[0]).pk, by=team[0])
    desk.wait(9)
    assert ringing(call) == ["omar", "sun"]
    check(desk.moment)


def test_database_allows_one_winner_only(desk: Desk, team: list[User]) -> None:
    call = desk.call()
    Offer.objects.filter(pk=offer_to(call, team[0]).pk).update(state=OfferState.ACCEPTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=offer_to(call, team[1]).pk).update(state=OfferState.ACCEPTED)
