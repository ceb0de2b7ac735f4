"""In the call: passing it on, asking a colleague, supervisors; who hears whom, and who is free again."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from crmcore import models
from crmcore.actions import people, presence
from crmcore.models import AuditEntry, Outcome, User
from crmcore.models.presence import SystemState
from crmcore.shipped_desk import install_desk
from telephony.actions import consults, supervision, transfers
from telephony.actions.calls import hold_call, resume_call
from telephony.actions.in_hand import Busy
from telephony.actions.offers import accept_offer, reject_offer, rejoin_call
from telephony.actions.transitions import MovedOn
from telephony.actions.wrap_up import finish_wrap_up, save_note
from telephony.mixing import mix_of
from telephony.models import Call, CallLeg, Offer, QueueEntry
from telephony.providers.base import Arrange
from telephony.queries.voices import voices_of
from telephony.states import CallState, LegKind, LegState, OfferState, Supervision
from tests.telephony.carriers import QuietCarrier
from tests.telephony.desk import Desk
from tests.telephony.invariants import check


@pytest.fixture
def mei(desk: Desk) -> User:
    return desk.new_agent("mei")


@pytest.fixture
def call(desk: Desk, mei: User) -> Call:
    return desk.talk(desk.call())


@pytest.fixture
def lin(desk: Desk, call: Call) -> User:
    return desk.new_agent("lin")


@pytest.fixture
def anna(desk: Desk, call: Call) -> User:
    supervisor = people.create_user(
        "anna", name="Anna", password=None, roles=["supervisor"], teams=[desk.team], by=None
    )
    desk.team.leader = supervisor
    desk.team.save()
    return supervisor


def ask(desk: Desk, call: Call, colleague: User, *, by: User) -> CallLeg:
    """The colleague is asked, accepts and is in the room."""
    desk.do(consults.consult, call.pk, colleague, by=by)
    desk.do(accept_offer, Offer.objects.get(agent=colleague, state=OfferState.PENDING).pk, by=colleague)
    leg = CallLeg.objects.get(call=call, agent=colleague, kind=LegKind.CONSULT, state=LegState.INVITED)
    desk.joins(call, leg)
    return CallLeg.objects.get(pk=leg.pk)


def heard_by(call: Call, person: User | None) -> set[str]:
    """Whom somebody hears: names, `customer`, or `music`."""
    names = {leg.pk: leg.agent.username if leg.agent else "customer" for leg in CallLeg.objects.filter(call=call)}
    mix = mix_of(voices_of(call))
    own = CallLeg.objects.exclude(state=LegState.LEFT).get(call=call, agent=person)
    return {names[pk] for pk in mix.hears[own.pk]} | ({"music"} if own.pk in mix.music else set())


def sound(desk: Desk) -> None:
    check(desk.moment)


def test_call_passed_on_to_a_queue_waits_there_again_ahead_of_newcomers(desk: Desk, mei: User, call: Call) -> None:
    other = desk.new_queue("other")
    desk.do(transfers.transfer_to_queue, call.pk, other, by=mei)
    call = desk.again(call)
    assert (call.state, call.queue, call.agent) == (CallState.QUEUED, other, None)
    first, second = QueueEntry.objects.filter(call=call).order_by("pk")
    assert (first.initial_contact, second.initial_contact) == (True, False)
    assert second.rank == second.entered_at - timedelta(seconds=other.transfer_boost_s)
    assert desk.presence(mei).system == SystemState.WRAPUP
    sound(desk)


def test_call_passed_on_to_an_agent_rings_at_that_agent(desk: Desk, mei: User, call: Call, lin: User) -> None:
    desk.new_agent("idle-for-longer")
    desk.do(transfers.transfer_to_agent, call.pk, lin, by=mei)
    offer = desk.offer(desk.again(call))
    assert offer is not None and offer.agent == lin
    sound(desk)


def test_call_that_the_chosen_agent_declines_goes_to_anybody(desk: Desk, mei: User, call: Call, lin: User) -> None:
    third = desk.new_agent("third")
    desk.do(transfers.transfer_to_agent, call.pk, lin, by=mei)
    offer = desk.offer(call)
    assert offer is not None
    desk.do(reject_offer, offer.pk, by=lin)
    desk.wait(1)
    offer = desk.offer(call)
    assert offer is not None and offer.agent == third


def test_call_does_not_return_at_once_to_the_agent_who_passed_it_on(desk: Desk, mei: User, call: Call) -> None:
    type(desk.queue).objects.filter(pk=desk.queue.pk).update(wrap_up_mode="none")
    desk.do(transfers.transfer_to_queue, call.pk, desk.queue, by=mei)
    desk.wait(1)
    assert desk.presence(mei).system == SystemState.IDLE
    assert desk.again(call).state == CallState.QUEUED


def test_busy_agent_cannot_be_given_the_call(desk: Desk, mei: User, call: Call, lin: User) -> None:
    presence.choose(lin, "aux", aux_code="break", by=lin)
    with pytest.raises(Busy):
        desk.do(transfers.transfer_to_agent, call.pk, lin, by=mei)
    assert desk.again(call).state == CallState.TALKING


def test_only_the_holder_passes_a_call_on(desk: Desk, call: Call, lin: User) -> None:
    with pytest.raises(PermissionDenied):
        desk.do(transfers.transfer_to_queue, call.pk, desk.queue, by=lin)


def test_second_agent_sees_note_and_ticket_of_the_first(desk: Desk, mei: User, call: Call, lin: User) -> None:
    install_desk(models)
    desk.do(save_note, call.pk, by=mei, text="Wants the invoice again", version=0)
    first = desk.agent_leg(call)
    desk.do(transfers.transfer_to_agent, call.pk, lin, by=mei)
    assert desk.talk(call).note == "Wants the invoice again"
    outcome = Outcome.objects.filter(queue=None, ticket_effect="none").first()
    assert outcome is not None
    desk.do(finish_wrap_up, first.pk, by=mei, outcome=outcome)
    assert desk.presence(mei).system == SystemState.IDLE
    sound(desk)


def test_customer_hears_music_while_a_colleague_is_asked(desk: Desk, mei: User, call: Call, lin: User) -> None:
    desk.do(consults.consult, call.pk, lin, by=mei)
    assert desk.again(call).state == CallState.CONSULTING
    assert (heard_by(call, None), desk.presence(lin).system) == ({"music"}, SystemState.RESERVED)
    sound(desk)


def test_colleague_and_agent_speak_in_private(desk: Desk, mei: User, call: Call, lin: User) -> None:
    ask(desk, call, lin, by=mei)
    assert (heard_by(call, mei), heard_by(call, lin), heard_by(call, None)) == ({"lin"}, {"mei"}, {"music"})
    assert desk.presence(lin).system == SystemState.ON_CONTACT
    sound(desk)


def test_swap_lets_the_colleague_hear_music_and_back(desk: Desk, mei: User, call: Call, lin: User) -> None:
    ask(desk, call, lin, by=mei)
    desk.do(consults.swap, call.pk, by=mei)
    assert (heard_by(call, mei), heard_by(call, lin), heard_by(call, None)) == ({"customer"}, {"music"}, {"mei"})
    desk.do(consults.swap, call.pk, by=mei)
    assert heard_by(call, None) == {"music"}
    sound(desk)


def test_merge_lets_everybody_hear_everybody(desk: Desk, mei: User, call: Call, lin: User) -> None:
    ask(desk, call, lin, by=mei)
    desk.do(consults.merge, call.pk, by=mei)
    assert heard_by(call, None) == {"mei", "lin"}
    assert desk.again(call).state == CallState.TALKING
    sound(desk)


def test_conference_has_five_at_most(desk: Desk, mei: User, call: Call) -> None:
    for name in ("one", "two", "three"):
        ask(desk, call, desk.new_agent(name), by=mei)
        desk.do(consults.merge, call.pk, by=mei)
    with pytest.raises(MovedOn):
        desk.do(consults.consult, call.pk, desk.new_agent("four"), by=mei)
    assert heard_by(call, None) == {"mei", "one", "two", "three"}
    sound(desk)


@pytest.mark.parametrize("merged", [False, True])
def test_colleague_takes_the_call_over(desk: Desk, mei: User, call: Call, lin: User, merged: bool) -> None:
    ask(desk, call, lin, by=mei)
    if merged:
        desk.do(consults.merge, call.pk, by=mei)
    desk.do(consults.complete, call.pk, by=mei)
    call = desk.again(call)
    assert (call.state, call.agent) == (CallState.TALKING, lin)
    assert heard_by(call, None) == {"lin"}
    assert (desk.presence(mei).system, desk.presence(lin).system) == (SystemState.WRAPUP, SystemState.ON_CONTACT)
    sound(desk)
    desk.hangs_up(call)
    assert desk.presence(lin).system == SystemState.WRAPUP
    sound(desk)


def test_cancelled_consultation_returns_to_the_customer(desk: Desk, mei: User, call: Call, lin: User) -> None:
    ask(desk, call, lin, by=mei)
    desk.do(consults.cancel_consult, call.pk, by=mei)
    assert (desk.again(call).state, heard_by(call, None)) == (CallState.TALKING, {"mei"})
    assert desk.presence(lin).system == SystemState.IDLE
    sound(desk)


def test_declined_consultation_leaves_the_customer_on_hold(desk: Desk, mei: User, call: Call, lin: User) -> None:
    desk.do(consults.consult, call.pk, lin, by=mei)
    desk.do(reject_offer, Offer.objects.get(agent=lin, state=OfferState.PENDING).pk, by=lin)
    assert (desk.again(call).state, heard_by(call, None)) == (CallState.HELD, {"music"})
    sound(desk)


def test_unanswered_consultation_ends_by_itself(desk: Desk, mei: User, call: Call, lin: User) -> None:
    desk.do(consults.consult, call.pk, lin, by=mei)
    desk.wait(21)
    assert desk.again(call).state == CallState.HELD
    assert desk.presence(lin).system == SystemState.NOT_RESPONDING
    sound(desk)


def test_accepted_consultation_without_audio_ends_by_itself(desk: Desk, mei: User, call: Call, lin: User) -> None:
    desk.do(consults.consult, call.pk, lin, by=mei)
    desk.do(accept_offer, Offer.objects.get(agent=lin, state=OfferState.PENDING).pk, by=lin)
    desk.wait(9)
    assert (desk.again(call).state, desk.presence(lin).system) == (CallState.HELD, SystemState.NOT_RESPONDING)
    sound(desk)


def test_colleague_who_leaves_a_conference_leaves_the_others_talking(
    desk: Desk, mei: User, call: Call, lin: User
) -> None:
    ask(desk, call, lin, by=mei)
    desk.do(consults.merge, call.pk, by=mei)
    desk.do(consults.leave_call, call.pk, by=lin)
    assert (desk.again(call).state, heard_by(call, None)) == (CallState.TALKING, {"mei"})
    assert desk.presence(lin).system == SystemState.IDLE
    sound(desk)


def test_customer_who_hangs_up_frees_everybody(desk: Desk, mei: User, call: Call, lin: User, anna: User) -> None:
    ask(desk, call, lin, by=mei)
    desk.do(supervision.supervise, call.pk, Supervision.LISTEN, by=anna)
    desk.hangs_up(call)
    assert (desk.presence(lin).system, desk.presence(anna).system) == (SystemState.IDLE, SystemState.IDLE)
    assert desk.presence(mei).system == SystemState.WRAPUP
    sound(desk)


def test_lost_agent_of_a_conference_leaves_the_call_to_the_colleague(
    desk: Desk, mei: User, call: Call, lin: User
) -> None:
    leg = desk.agent_leg(call)
    ask(desk, call, lin, by=mei)
    desk.do(consults.merge, call.pk, by=mei)
    desk.loses(call, leg)
    desk.wait(61)
    assert desk.again(call).agent == lin
    sound(desk)


def test_hold_is_counted_through_consultation_and_swap(desk: Desk, mei: User, call: Call, lin: User) -> None:
    leg = desk.agent_leg(call)
    desk.do(hold_call, call.pk, by=mei)
    desk.wait(5)
    ask(desk, call, lin, by=mei)
    desk.wait(5)
    desk.do(consults.swap, call.pk, by=mei)
    desk.wait(7)
    desk.do(consults.merge, call.pk, by=mei)
    desk.wait(3)
    desk.do(consults.complete, call.pk, by=mei)
    leg.refresh_from_db()
    assert (leg.hold_seconds, leg.talk_seconds) == (10, 11)


def test_colleague_comes_back_after_a_reload(desk: Desk, mei: User, call: Call, lin: User) -> None:
    ask(desk, call, lin, by=mei)
    assert desk.do(rejoin_call, call.pk, by=lin)
    with pytest.raises(MovedOn):
        desk.do(rejoin_call, call.pk, by=desk.new_agent("stranger"))


def come_in(desk: Desk, call: Call, mode: Supervision, by: User) -> CallLeg:
    desk.do(supervision.supervise, call.pk, mode, by=by)
    leg = CallLeg.objects.exclude(state=LegState.LEFT).get(call=call, agent=by)
    desk.joins(call, leg)
    return leg


@pytest.mark.parametrize(
    ("mode", "agent_hears", "customer_hears"),
    [
        (Supervision.LISTEN, {"customer"}, {"mei"}),
        (Supervision.WHISPER, {"customer", "anna"}, {"mei"}),
        (Supervision.BARGE, {"customer", "anna"}, {"mei", "anna"}),
    ],
)
def test_supervisor_is_heard_as_the_mode_says(
    desk: Desk, mei: User, call: Call, anna: User, mode: Supervision, agent_hears: set[str], customer_hears: set[str]
) -> None:
    come_in(desk, call, mode, anna)
    assert (heard_by(call, mei), heard_by(call, None)) == (agent_hears, customer_hears)
    assert heard_by(call, anna) == {"mei", "customer"}
    assert AuditEntry.objects.filter(verb=f"call.{mode}", actor=anna, object_id=str(call.pk)).exists()
    sound(desk)


def test_supervisor_changes_how_he_takes_part(desk: Desk, mei: User, call: Call, anna: User) -> None:
    come_in(desk, call, Supervision.LISTEN, anna)
    desk.do(supervision.supervise, call.pk, Supervision.BARGE, by=anna)
    assert heard_by(call, None) == {"mei", "anna"}
    assert AuditEntry.objects.filter(actor=anna, verb__startswith="call.").count() == 2


def test_supervisor_takes_the_call_over(desk: Desk, mei: User, call: Call, anna: User) -> None:
    come_in(desk, call, Supervision.LISTEN, anna)
    desk.do(supervision.take_over, call.pk, by=anna)
    call = desk.again(call)
    assert (call.agent, call.state, heard_by(call, None)) == (anna, CallState.TALKING, {"anna"})
    assert desk.presence(mei).system == SystemState.WRAPUP
    sound(desk)
    desk.hangs_up(call)
    assert desk.presence(anna).system == SystemState.WRAPUP
    sound(desk)


def test_supervisor_who_leaves_is_free_again(desk: Desk, mei: User, call: Call, anna: User) -> None:
    come_in(desk, call, Supervision.WHISPER, anna)
    desk.do(consults.leave_call, call.pk, by=anna)
    assert (desk.presence(anna).system, desk.again(call).state) == (SystemState.IDLE, CallState.TALKING)
    sound(desk)


def test_supervisor_without_audio_is_let_go(desk: Desk, mei: User, call: Call, anna: User) -> None:
    desk.do(supervision.supervise, call.pk, Supervision.LISTEN, by=anna)
    desk.wait(9)
    assert desk.presence(anna).system == SystemState.IDLE
    assert not CallLeg.objects.filter(agent=anna).exclude(state=LegState.LEFT)
    sound(desk)


def test_agent_may_not_listen_to_a_colleague(desk: Desk, mei: User, call: Call, lin: User) -> None:
    with pytest.raises(PermissionDenied):
        desk.do(supervision.supervise, call.pk, Supervision.LISTEN, by=lin)


def test_supervisor_who_is_in_a_call_cannot_listen_to_another(desk: Desk, call: Call, anna: User) -> None:
    desk.do(presence.start_shift, anna)
    presence.set_system(anna.pk, {SystemState.IDLE}, SystemState.ON_CONTACT)
    with pytest.raises(Busy):
        desk.do(supervision.supervise, call.pk, Supervision.LISTEN, by=anna)


def test_every_arrangement_reaches_the_carrier_whole(desk: Desk, mei: User, call: Call, lin: User) -> None:
    ask(desk, call, lin, by=mei)
    desk.do(consults.merge, call.pk, by=mei)
    last = [command for command in QuietCarrier.sent if isinstance(command, Arrange)][-1]
    assert {(voice.kind, voice.is_held) for voice in last.voices} == {
        ("customer", False),
        ("agent", False),
        ("consult", False),
    }


def test_resume_after_a_declined_consultation_speaks_to_the_customer(
    desk: Desk, mei: User, call: Call, lin: User
) -> None:
    ask(desk, call, lin, by=mei)
    desk.do(consults.leave_call, call.pk, by=lin)
    desk.do(resume_call, call.pk, by=mei)
    assert heard_by(call, None) == {"mei"}
