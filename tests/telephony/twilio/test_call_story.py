"""Calls of the public network from the first ring to the note on the ticket."""

import pytest

from crmcore.models import Outcome, User
from crmcore.models.presence import SystemState
from telephony.actions.wrap_up import finish_wrap_up, save_note
from telephony.models import CallEvent, CallLeg, Offer, ProviderCommand, QueueEntry
from telephony.states import CallOutcome, CallState, EntryEnd, LegKind, OfferEnd, Party
from tests.fake_carrier.state import FakeCall
from tests.telephony.desk import Desk
from tests.telephony.twilio.conftest import MakeLine
from tests.telephony.twilio.line import Line
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.models import Interaction, Ticket

SEEDS = range(1, 13)


@pytest.fixture
def mei(desk: Desk) -> User:
    ensure_ticket_defaults()
    return desk.new_agent("mei")


def test_caller_waits_in_the_one_queue_of_the_carrier(desk: Desk, line: Line) -> None:
    caller = line.ring()
    assert line.call(caller).state == CallState.QUEUED
    queue = line.carrier.queue_of(caller)
    assert queue is not None and queue.name == "servicedesk"
    assert any(text.startswith("Thank you") for text in caller.heard)


def test_agent_comes_first_and_the_caller_follows(line: Line, mei: User) -> None:
    caller = line.ring()
    assert line.call(caller).state == CallState.OFFERING
    browser = line.talk(mei, caller)
    call = line.call(caller)
    assert call.state == CallState.TALKING
    room = line.carrier.room_of(caller)
    assert room is not None and room is line.carrier.room_of(browser) and room.name == str(call.public_id)
    assert list(room.participants) == [browser.sid, caller.sid]


def test_hold_and_resume_reach_the_caller(line: Line, mei: User) -> None:
    caller = line.ring()
    line.talk(mei, caller)
    room = line.carrier.room_of(caller)
    assert room is not None
    line.hold(mei, caller)
    assert room.participants[caller.sid].held and any(text.startswith("hold:") for text in caller.heard)
    line.resume(mei, caller)
    assert not room.participants[caller.sid].held


def test_hang_up_at_the_desk_ends_everything(line: Line, mei: User, desk: Desk) -> None:
    caller = line.ring()
    browser = line.talk(mei, caller)
    line.agent_hangs_up(mei, caller)
    assert caller.is_over and browser.is_over
    call = line.call(caller)
    assert (call.outcome, call.hung_up_by) == (CallOutcome.COMPLETED, Party.AGENT)
    assert desk.presence(mei).system == SystemState.WRAPUP


def test_customer_hangs_up(line: Line, mei: User, desk: Desk) -> None:
    caller = line.ring()
    browser = line.talk(mei, caller)
    line.caller_hangs_up(caller)
    call = line.call(caller)
    assert (call.outcome, call.hung_up_by) == (CallOutcome.COMPLETED, Party.CUSTOMER)
    assert browser.is_over
    assert desk.presence(mei).system == SystemState.WRAPUP


def test_doubled_and_shuffled_webhooks_end_in_the_same_rows(make_line: MakeLine, mei: User, desk: Desk) -> None:
    tidy = _story(make_line(seed=0), mei)
    for seed in SEEDS:
        desk.wait(1)
        disorder = {"copies": 2, "shuffled": True, "late": 0.5, "first_late": 0.3, "names_events": bool(seed % 2)}
        assert _story(make_line(seed=seed, **disorder), mei) == tidy, seed


def _story(line: Line, agent: User) -> dict[str, object]:
    """Ring, answer, talk, hold, resume, hang up, note, outcome; what the rows say afterwards."""
    tickets, interactions = Ticket.objects.count(), Interaction.objects.count()
    caller = line.ring()
    line.accept(agent, caller)
    _until(line, caller, CallState.TALKING)
    line.desk.wait(30)
    line.hold(agent, caller)
    line.desk.wait(10)
    line.resume(agent, caller)
    line.desk.wait(20)
    line.caller_hangs_up(caller)
    _until(line, caller, CallState.ENDED)
    _classify(line, agent, caller)
    line.settle(everything=True)
    line.desk.wait(5)
    rows = _rows(line, caller, agent)
    rows |= {"tickets": Ticket.objects.count() - tickets, "interactions": Interaction.objects.count() - interactions}
    return rows


def _until(line: Line, caller: FakeCall, state: CallState) -> None:
    """Webhooks are late: wait for the round that brings the news."""
    for _ in range(8):
        line.settle()
        if line.call(caller).state == state:
            return
        line.carrier.post.pass_round()
    raise AssertionError(f"{line.call(caller)} never came to {state}")


def _classify(line: Line, agent: User, caller: FakeCall) -> None:
    call = line.call(caller)
    outcome, _ = Outcome.objects.get_or_create(code="advised", queue=None, defaults={"name": "Advised"})
    line.desk.do(save_note, call.pk, by=agent, text="The fan was loose.", version=0)
    line.desk.do(finish_wrap_up, line.agent_legs(caller)[-1].pk, by=agent, outcome=outcome)


def _rows(line: Line, caller: FakeCall, agent: User) -> dict[str, object]:
    call = line.call(caller)
    legs = CallLeg.objects.filter(call=call).order_by("pk")
    return {
        "call": (call.state, call.outcome, call.end_reason, call.hung_up_by, call.agent_id, call.note, call.epoch),
        "linked": (call.account_id is None, call.contact_id is None, call.ticket_id is None),
        "legs": [(leg.kind, leg.state, leg.agent_id, leg.joined_at is None, leg.lost_at) for leg in legs],
        "times": [(leg.talk_seconds, leg.hold_seconds) for leg in legs.filter(kind=LegKind.AGENT)],
        "holds": [leg.holds.filter(ended_at__isnull=False).count() for leg in legs],
        "offers": list(Offer.objects.filter(call=call).values_list("state", "end_reason")),
        "entries": list(QueueEntry.objects.filter(call=call).values_list("left_as", flat=True)),
        "commands": sorted(ProviderCommand.objects.filter(call=call).values_list("step", "fate")),
        "pending": CallEvent.objects.filter(call=call, applied_at=None).count(),
        "presence": line.desk.presence(agent).system,
        "carrier": (caller.status, [room for room in line.carrier.rooms.values() if room.status != "completed"]),
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("stage", ["waiting", "ringing", "connecting", "talking", "held"])
def test_caller_may_hang_up_at_every_stage(make_line: MakeLine, desk: Desk, mei: User, stage: str, seed: int) -> None:
    line = make_line(seed=seed, copies=2, shuffled=True, late=0.5)
    if stage == "waiting":
        desk.at_screen.clear()
        desk.wait(30)
    caller = line.ring()
    browser = None
    if stage in ("connecting", "talking", "held"):
        browser = line.accept(mei, caller)
    if stage in ("talking", "held"):
        line.settle()
    if stage == "held":
        line.hold(mei, caller)
    line.caller_hangs_up(caller)
    line.settle(everything=True)
    call = line.call(caller)
    talked = stage in ("talking", "held")
    assert (call.state, call.outcome) == (
        CallState.ENDED,
        CallOutcome.COMPLETED if talked else CallOutcome.ABANDONED,
    )
    assert call.hung_up_by == Party.CUSTOMER
    entry = QueueEntry.objects.get(call=call)
    assert entry.left_as == (EntryEnd.ANSWERED if talked else EntryEnd.ABANDONED)
    assert desk.offer(call) is None
    if stage != "waiting":
        assert desk.presence(mei).system == (SystemState.WRAPUP if talked else SystemState.IDLE)
    assert browser is None or browser.is_over
    assert not any(room.participants for room in line.carrier.rooms.values())


def test_agent_whose_audio_never_comes_leaves_the_caller_at_the_old_place(line: Line, mei: User, desk: Desk) -> None:
    caller = line.ring()
    entry = QueueEntry.objects.get(call=line.call(caller))
    line.accept(mei, caller, connect=False)
    desk.wait(9)
    line.settle()
    call = line.call(caller)
    assert call.state == CallState.QUEUED
    assert desk.last_offer(call).end_reason == OfferEnd.MEDIA_FAILED
    assert desk.presence(mei).system == SystemState.NOT_RESPONDING
    again = QueueEntry.objects.get(call=call)
    assert (again.rank, again.left_at) == (entry.rank, None)
    assert line.carrier.queue_of(caller) is not None


def test_browser_that_comes_too_late_is_turned_away(line: Line, mei: User, desk: Desk) -> None:
    caller = line.ring()
    browser = line.accept(mei, caller)
    desk.wait(9)
    line.settle()
    assert browser is not None and browser.is_over
    assert line.call(caller).state == CallState.QUEUED
