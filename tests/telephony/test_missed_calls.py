"""Missed calls: who gave up is work until somebody speaks to them, whatever arrives late."""

from datetime import timedelta

import pytest

from crmcore.models import AuditEntry, User
from telephony.actions.missed import mark_done
from telephony.actions.outgoing import place_call
from telephony.models import Call, MissedCall, PhoneLine
from telephony.states import CallOutcome
from tests.telephony.desk import Desk
from tests.telephony.test_outgoing import NUMBER, DialFailed, dialled, says


@pytest.fixture
def line(desk: Desk) -> PhoneLine:
    return PhoneLine.objects.create(name="Main", number="+862151008000", queue=desk.queue)


def gives_up(desk: Desk, number: str = NUMBER, *, after: float = 40) -> Call:
    call = desk.call(number)
    desk.moment += timedelta(seconds=after)
    return desk.hangs_up(call)


def is_open() -> bool:
    return MissedCall.objects.filter(closed_at=None).exists()


def test_caller_who_gives_up_is_work(desk: Desk) -> None:
    call = gives_up(desk)
    row = MissedCall.objects.get()
    assert (row.number, row.queue, row.call, row.waited_s, row.calls) == (NUMBER, desk.queue, call, 40, 1)


def test_caller_who_gives_up_again_is_the_same_work(desk: Desk) -> None:
    gives_up(desk)
    later = gives_up(desk, after=12)
    row = MissedCall.objects.get()
    assert (row.calls, row.waited_s, row.call) == (2, 40, later)


def test_who_hangs_up_at_once_dialled_wrong(desk: Desk) -> None:
    gives_up(desk, after=2)
    assert not MissedCall.objects.exists()


def test_withheld_number_of_a_stranger_cannot_be_called_back(desk: Desk) -> None:
    gives_up(desk, "anonymous")
    assert not MissedCall.objects.exists()


def test_caller_who_waited_too_long_is_work(desk: Desk) -> None:
    desk.queue.max_wait_s = 30
    desk.queue.save()
    call = desk.call()
    desk.wait(31)
    assert desk.again(call).outcome == CallOutcome.OVERFLOWED
    assert is_open()


def test_answered_call_of_the_same_number_settles_it(desk: Desk) -> None:
    gives_up(desk)
    mei = desk.new_agent("mei")
    desk.talk(desk.call())
    row = MissedCall.objects.get()
    assert (row.closed_as, row.closed_by) == (MissedCall.Closed.SPOKEN, mei)


def test_another_number_settles_nothing(desk: Desk) -> None:
    gives_up(desk)
    desk.new_agent("mei")
    desk.talk(desk.call("+8613900139000"))
    assert is_open()


def test_call_back_that_is_answered_settles_it(desk: Desk, line: PhoneLine) -> None:
    gives_up(desk)
    call = dialled(desk, desk.new_agent("mei"))
    assert is_open()
    desk.joins(call)
    assert not is_open()


def test_call_back_in_vain_is_counted(desk: Desk, line: PhoneLine) -> None:
    gives_up(desk)
    says(desk, dialled(desk, desk.new_agent("mei")), DialFailed, "f", reason="no_answer")
    row = MissedCall.objects.get()
    assert (row.tries, row.tried_at, row.closed_at) == (1, desk.moment, None)


def test_hang_up_that_is_told_late_is_no_work_when_they_spoke_since(desk: Desk) -> None:
    """The first call's end is heard after the second call was answered."""
    first = desk.call()
    desk.moment += timedelta(seconds=30)
    desk.new_agent("mei")
    second = desk.call()
    offered = first if desk.offer(first) else second
    desk.talk(offered)
    desk.hangs_up(first if offered == second else second)
    assert not is_open()


def test_mark_done_closes_once_and_is_audited(desk: Desk) -> None:
    gives_up(desk)
    mei = desk.new_agent("mei")
    row = MissedCall.objects.get()
    for _ in range(2):
        desk.do(mark_done, row.pk, by=mei)
    row.refresh_from_db()
    assert (row.closed_as, row.closed_by) == (MissedCall.Closed.DONE, mei)
    assert AuditEntry.objects.filter(verb="missed_call.done").count() == 1


def test_work_of_another_team_is_out_of_reach(desk: Desk) -> None:
    gives_up(desk)
    stranger = desk.new_agent("stranger")
    stranger.teams.clear()
    with pytest.raises(MissedCall.DoesNotExist):
        desk.do(mark_done, MissedCall.objects.get().pk, by=User.objects.get(pk=stranger.pk))


def test_after_it_was_settled_the_next_missed_call_is_new_work(desk: Desk) -> None:
    gives_up(desk)
    desk.do(mark_done, MissedCall.objects.get().pk, by=desk.new_agent("mei"))
    desk.at_screen.clear()
    desk.wait(30)
    gives_up(desk)
    assert MissedCall.objects.count() == 2 and is_open()


def test_two_do_not_call_the_same_number_at_once(desk: Desk, line: PhoneLine) -> None:
    dialled(desk, desk.new_agent("mei"))
    with pytest.raises(Exception, match="being_called"):
        desk.do(place_call, NUMBER, by=desk.new_agent("bo"))
