"""Random stories of conversations with many parties: passed on, consulted about, supervised, parked, recorded."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from crmcore.actions import people
from crmcore.models import Queue, User
from crmcore.models.presence import SystemState
from telephony.actions import consults, parking, supervision, transfers
from telephony.actions.fold import fold
from telephony.actions.offers import accept_offer
from telephony.actions.outside import ask_outside
from telephony.actions.recording_commands import pause_recording, resume_recording, start_recording, stop_recording
from telephony.models import Call, CallLeg, Offer, OverflowRule, Recording, RecordingPolicy
from telephony.providers.base import LegJoined, LegLeft, Signal
from telephony.providers.outside import PartyDialled, PartyFailed
from telephony.states import OfferState, OverflowTarget, Supervision
from tests.telephony.scene import Scene
from tests.telephony.test_distribution_states import EXAMPLES, Commits, SmallDesk, one_of, pick
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import open_ticket
from tickets.actions.taking import NothingTaken, Reason, take_next
from tickets.models import Ticket, TicketCapacity, TicketType
from tickets.queries.capacity import load_of, untaken

OUTSIDE = ("+8613700137000", "+8613700137001")
FREE = (SystemState.IDLE, SystemState.NOT_RESPONDING)


class ConversationDesk(SmallDesk):
    """The small desk in full swing: five agents, two of them talking, a supervisor, and queues that overflow.

    A rule does only what the desk would offer at that moment, so that whatever is refused is a fault.
    """

    carrier = "reaching"
    tells_itself = True

    def __init__(self) -> None:
        super().__init__()
        ensure_ticket_defaults()
        self.said = 0
        self.agents += [self.desk.new_agent(f"b{n}", *self.queues) for n in range(2)]
        self.boss = self._supervisor()
        self._rules_of_queues()
        for queue in self.queues[:2]:
            self.begin_conversation(queue)
        self._tickets(self.queues[1])
        self.look_around()

    @initialize(start=st.sampled_from(["talk", "consultation", "conference", "supervision", "parking"]))
    def something_is_under_way(self, start: str) -> None:
        call = one_of(self.scene.in_hand, 0)
        if call is None:
            return
        if start == "parking":
            self.does(parking.park, call.pk, by=call.agent)
        elif start == "supervision":
            self.does(supervision.supervise, call.pk, Supervision.LISTEN, by=self.boss)
        elif start != "talk" and self.scene.ready:
            self._colleague_comes(call, self.scene.ready[0])
            if start == "conference" and self.scene.with_somebody_aside:
                self.does(consults.merge, call.pk, by=call.agent)

    # Passing on.

    @precondition(lambda self: self.scene.in_hand)
    @rule(which=pick, to=pick)
    def agent_passes_on_to_a_queue(self, which: int, to: int) -> None:
        call = one_of(self.scene.in_hand, which)
        self.does(transfers.transfer_to_queue, call.pk, one_of(self.queues, to), by=call.agent)

    @precondition(lambda self: self.scene.in_hand and self.scene.ready)
    @rule(which=pick, to=pick)
    def agent_passes_on_to_a_colleague(self, which: int, to: int) -> None:
        call = one_of(self.scene.in_hand, which)
        self.does(transfers.transfer_to_agent, call.pk, one_of(self.scene.ready, to), by=call.agent)

    # Asking somebody first.

    @precondition(lambda self: self.scene.open_to_more and self.scene.ready)
    @rule(which=pick, whom=pick)
    def agent_asks_a_colleague(self, which: int, whom: int) -> None:
        call = one_of(self.scene.open_to_more, which)
        self.does(consults.consult, call.pk, one_of(self.scene.ready, whom), by=call.agent)

    @precondition(lambda self: self.scene.with_somebody_aside)
    @rule(which=pick, turn=st.sampled_from([consults.swap, consults.merge]))
    def agent_swaps_or_merges(self, which: int, turn: Callable[..., Call]) -> None:
        call = one_of(self.scene.with_somebody_aside, which)
        self.does(turn, call.pk, by=call.agent)

    @precondition(lambda self: self.scene.consulting)
    @rule(which=pick)
    def agent_cancels_a_consultation(self, which: int) -> None:
        call = one_of(self.scene.consulting, which)
        self.does(consults.cancel_consult, call.pk, by=call.agent)

    @precondition(lambda self: self.scene.to_hand_over)
    @rule(which=pick)
    def agent_hands_over(self, which: int) -> None:
        call = one_of(self.scene.to_hand_over, which)
        self.does(consults.complete, call.pk, by=call.agent)

    @precondition(lambda self: self.scene.parties)
    @rule(which=pick)
    def agent_lets_a_party_go(self, which: int) -> None:
        leg = one_of(self.scene.parties, which)
        self.does(consults.drop_party, leg.call_id, leg.pk, by=self.scene.calls[leg.call_id].agent)

    @precondition(lambda self: self.scene.aside)
    @rule(which=pick)
    def colleague_or_supervisor_leaves(self, which: int) -> None:
        leg = one_of(self.scene.aside, which)
        self.does(consults.leave_call, leg.call_id, by=leg.agent)

    @precondition(lambda self: self.scene.open_to_more)
    @rule(which=pick, number=st.sampled_from(OUTSIDE), passes_on=st.booleans())
    def agent_asks_outside(self, which: int, number: str, passes_on: bool) -> None:
        call = one_of(self.scene.open_to_more, which)
        self.does(ask_outside, call.pk, number, by=call.agent, passes_on=passes_on)

    # What the carrier tells of the others.

    @precondition(lambda self: self.scene.staff)
    @rule(which=pick, how=st.sampled_from(["joins", "joins", "joins", "loses", "leaves"]))
    def line_of_staff_comes_or_goes(self, which: int, how: str) -> None:
        leg = one_of(self.scene.staff, which)
        getattr(self.desk, how)(leg.call, leg)
        self.swept = False

    @precondition(lambda self: self.scene.outside)
    @rule(which=pick, kind=st.sampled_from([PartyDialled, LegJoined, LegJoined, LegLeft]))
    def outside_number_comes_or_goes(self, which: int, kind: type[Signal]) -> None:
        more = {} if kind is LegLeft else {"external_id": "outside"}
        self.tells(kind, which, **more)

    @precondition(lambda self: self.scene.outside)
    @rule(which=pick, reason=st.sampled_from(["busy", "no_answer", "failed"]))
    def outside_number_does_not_answer(self, which: int, reason: str) -> None:
        self.tells(PartyFailed, which, reason=reason)

    # Supervisors.

    @precondition(lambda self: self.to_supervise())
    @rule(which=pick, mode=st.sampled_from(Supervision))
    def supervisor_comes_in_or_changes(self, which: int, mode: Supervision) -> None:
        self.does(supervision.supervise, one_of(self.to_supervise(), which).pk, mode, by=self.boss)

    @precondition(lambda self: (leg := self.scene.supervised_by(self.boss)) and leg.is_present)
    @rule()
    def supervisor_takes_over(self) -> None:
        leg = self.scene.supervised_by(self.boss)
        assert leg is not None
        self.does(supervision.take_over, leg.call_id, by=self.boss)

    # Parking.

    @precondition(lambda self: self.scene.to_park)
    @rule(which=pick)
    def agent_parks(self, which: int) -> None:
        call = one_of(self.scene.to_park, which)
        self.does(parking.park, call.pk, by=call.agent)

    @precondition(lambda self: self.scene.in_state("parked") and self.scene.at_leisure)
    @rule(which=pick, who=pick)
    def somebody_picks_up(self, which: int, who: int) -> None:
        self.does(
            parking.pick_up, one_of(self.scene.in_state("parked"), which).pk, by=one_of(self.scene.at_leisure, who)
        )

    # Recording.

    @precondition(lambda self: self.scene.in_hand)
    @rule(which=pick)
    def agent_starts_or_stops_recording(self, which: int) -> None:
        call = one_of(self.scene.in_hand, which)
        if call.queue_id == self.queues[1].pk:
            recording = call.pk in self.scene.recordings
            self.does(stop_recording if recording else start_recording, call.pk, by=call.agent)

    @precondition(lambda self: self.scene.recordings)
    @rule(which=pick)
    def agent_pauses_or_resumes_recording(self, which: int) -> None:
        recording = one_of(self.scene.recordings.values(), which)
        is_paused = recording.state == Recording.State.PAUSED
        by = self.scene.calls[recording.call_id].agent
        self.does(resume_recording if is_paused else pause_recording, recording.call_id, by=by)

    # Tickets between calls.

    @precondition(lambda self: self.scene.at_leisure)
    @rule(who=pick)
    def agent_takes_the_next_ticket(self, who: int) -> None:
        agent = one_of(self.scene.at_leisure, who)
        load, first = load_of(agent), untaken(agent).first()
        assert not load.is_called
        if load.has_room and first is not None:
            assert self.desk.do(take_next, by=agent) == first
            assert load_of(agent).in_hand == load.in_hand + 1

    @precondition(lambda self: self.scene.in_hand)
    @rule(which=pick)
    def no_ticket_is_taken_beside_a_call(self, which: int) -> None:
        with pytest.raises(NothingTaken) as nothing:
            self.desk.do(take_next, by=one_of(self.scene.in_hand, which).agent)
        assert nothing.value.reason == Reason.CALL

    @invariant()
    def look_around(self) -> None:
        self.scene = Scene(self.desk.moment)

    def begin_conversation(self, queue: Queue) -> None:
        self.desk.talk(self.desk.call(queue=queue, provider=self.carrier))

    def does(self, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Somebody does what can be done right now."""
        answer = self.desk.do(action, *args, **kwargs)
        self.swept = False
        return answer

    def tells(self, kind: type[Signal], which: int, **more: Any) -> None:
        leg = one_of(self.scene.outside, which)
        self.said += 1
        names = {"provider": leg.call.provider, "provider_call_id": leg.call.provider_call_id}
        self.does(fold, kind(**names, token=f"said-{self.said}", leg_id=leg.pk, **more))

    def to_supervise(self) -> list[Call]:
        """Where the supervisor is, else where the supervisor can come in."""
        own = self.scene.supervised_by(self.boss)
        if own is not None:
            return [self.scene.calls[own.call_id]]
        if (row := self.scene.presences.get(self.boss.pk)) and row.system not in FREE:
            return []
        return self.scene.in_hand

    def _colleague_comes(self, call: Call, colleague: User) -> None:
        self.does(consults.consult, call.pk, colleague, by=call.agent)
        self.does(accept_offer, Offer.objects.get(agent=colleague, state=OfferState.PENDING).pk, by=colleague)
        if self.tells_itself:
            self.desk.joins(call, CallLeg.objects.get(call=call, agent=colleague))
        self.look_around()

    def _supervisor(self) -> User:
        team = self.desk.team
        boss = people.create_user("boss", name="Boss", password=None, roles=["supervisor"], teams=[team], by=None)
        team.leader = boss
        team.save()
        return boss

    def _rules_of_queues(self) -> None:
        first, second, third, fourth, *_rest = self.queues
        RecordingPolicy.objects.create(queue=first, mode=RecordingPolicy.Mode.ALWAYS)
        RecordingPolicy.objects.create(queue=second, mode=RecordingPolicy.Mode.ON_DEMAND)
        OverflowRule.objects.create(queue=third, when="wait", limit=4, target=OverflowTarget.QUEUE, to_queue=fourth)
        OverflowRule.objects.create(
            queue=fourth, when="wait", limit=4, target=OverflowTarget.NUMBER, to_number=OUTSIDE[0]
        )
        OverflowRule.objects.create(
            queue=fourth, when="length", limit=1, target=OverflowTarget.HANG_UP, message="Sorry"
        )

    def _tickets(self, queue: Queue) -> None:
        TicketCapacity.objects.create(at_once=1)
        for subject in ("one", "two", "three"):
            self.desk.do(
                open_ticket,
                by=None,
                subject=subject,
                type=TicketType.objects.order_by("pk")[0],
                queue=queue,
                account=None,
                contact=None,
                channel=Ticket.Channel.EMAIL,
            )


@pytest.mark.django_db
def test_random_stories_of_conversations_never_break_an_invariant(
    carriers: None, django_capture_on_commit_callbacks: Commits
) -> None:
    ConversationDesk.commits = staticmethod(django_capture_on_commit_callbacks)
    run_state_machine_as_test(
        ConversationDesk,
        settings=settings(
            max_examples=max(1, EXAMPLES * 2 // 3),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
