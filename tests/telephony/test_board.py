"""The live board's figures, the estimated wait, and the lists of past calls."""

from datetime import timedelta

import pytest

from crmcore.actions import presence
from crmcore.actions.people import create_team
from crmcore.models import Contact, Queue, User
from crmcore.models.presence import Chosen
from telephony.actions.roll_up import roll_up
from telephony.models import CallLeg, QueueEntry
from telephony.queries.board import QueueStats, agent_states, calls_in_progress, queue_stats
from telephony.queries.call_history import abandoned_calls, calls_of, missed_offers, unfinished_legs
from telephony.queries.estimate import estimated_wait
from telephony.queries.estimate_error import estimate_errors
from telephony.queries.live_calls import current_call, current_leg, pending_offer, wrapping_leg
from tests.telephony.desk import Desk


def stats(desk: Desk, queue: Queue | None = None) -> QueueStats:
    return queue_stats([queue or desk.queue], since=desk.moment - timedelta(hours=1), now=desk.moment)[0]


def answer_after(desk: Desk, seconds: float) -> None:
    """A call that waits for so long, talks for 100 s and is wrapped up for 60."""
    call = desk.call()
    desk.wait(seconds)
    desk.talk(call)
    desk.wait(100)
    desk.hangs_up(call)
    desk.wait(60)


def abandon_after(desk: Desk, seconds: float) -> None:
    call = desk.call()
    desk.moment += timedelta(seconds=seconds)
    desk.hangs_up(call)


def test_waiting_and_longest_wait(desk: Desk) -> None:
    began = desk.moment
    for _ in range(3):
        desk.call()
        desk.wait(10)
    found = stats(desk)
    assert (found.waiting, found.longest_since, found.ready_agents) == (3, began, 0)


def test_empty_queue_has_no_service_level(desk: Desk) -> None:
    found = stats(desk)
    assert (found.waiting, found.longest_since, found.service_level, found.meets_target) == (0, None, None, None)


def test_service_level_of_the_day(desk: Desk) -> None:
    for wait in (30, 3, 21):
        abandon_after(desk, wait)
    desk.new_agent("mei")
    answer_after(desk, 5)
    found = stats(desk)
    assert (found.offered, found.abandoned, found.counts.short_abandons) == (4, 3, 1)
    assert found.service_level == pytest.approx(1 / 3)
    assert found.average_answer_seconds == pytest.approx(5, abs=1)
    assert found.meets_target is False


def test_ready_agents_are_those_who_could_take_a_call(desk: Desk) -> None:
    desk.new_agent("mei")
    desk.new_agent("omar")
    assert stats(desk).ready_agents == 2
    desk.call()
    assert stats(desk).ready_agents == 1


def test_agents_and_calls_in_progress(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call())
    assert [presence.user for presence in agent_states([desk.queue])] == [mei]
    assert list(calls_in_progress([desk.queue])) == [call]
    assert list(calls_in_progress([desk.new_queue("other")])) == []


def test_what_an_agent_has_in_hand(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call()
    assert (pending_offer(mei), current_call(mei)) == (desk.last_offer(call), None)
    desk.talk(call)
    assert (current_call(mei), current_leg(mei)) == (call, desk.agent_leg(call))
    desk.hangs_up(call)
    assert (current_call(mei), wrapping_leg(mei)) == (None, desk.agent_leg(call))


def test_no_wait_while_somebody_is_free(desk: Desk) -> None:
    desk.new_agent("mei")
    assert desk.do(estimated_wait, desk.queue) == 0


def test_nobody_can_tell_without_agents_and_callers(desk: Desk) -> None:
    assert desk.do(estimated_wait, desk.queue) is None


def test_without_agents_the_longest_wait_is_the_best_guess(desk: Desk) -> None:
    desk.call()
    desk.wait(130)
    assert desk.do(estimated_wait, desk.queue) == 180


def test_wait_follows_from_handle_time_and_position(desk: Desk) -> None:
    desk.new_agent("mei")
    answer_after(desk, 2)
    desk.wait(1)
    desk.talk(desk.call())
    desk.call()
    # 160 s a call, one agent: 320 s for the second in line.
    assert desk.do(estimated_wait, desk.queue) == 360
    assert desk.do(estimated_wait, desk.queue, ahead=0) == 180


def test_prediction_is_kept_and_its_error_is_known(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    answer_after(desk, 2)
    desk.wait(1)
    first = desk.talk(desk.call())
    second = desk.call()
    entry = QueueEntry.objects.get(call=second)
    assert entry.predicted_s == 160
    desk.wait(100)
    desk.hangs_up(first)
    desk.wait(60)
    desk.do(presence.choose, mei, Chosen.AVAILABLE, by=mei)
    desk.wait(40)
    desk.talk(second)
    desk.do(roll_up)
    waited = (QueueEntry.objects.get(pk=entry.pk).left_at - entry.entered_at).total_seconds()
    error = estimate_errors([desk.queue], since=desk.moment - timedelta(hours=1))[desk.queue.pk]
    assert (error.callers, error.seconds) == (1, abs(160 - waited))
    assert error.share == pytest.approx(abs(160 - waited) / waited)


def test_history_of_a_customer(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    contact = Contact.objects.create(name="Li Na", created_at=desk.moment)
    first, second = desk.call(contact_id=contact.pk), desk.call(contact_id=contact.pk)
    assert list(calls_of(contact, mei)) == [second, first]


def test_missed_abandoned_and_unfinished_calls_are_lists(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    since = desk.moment
    call = desk.call()
    desk.wait(20)
    desk.hangs_up(call)
    assert [offer.call for offer in missed_offers(mei, since)] == [call]
    assert list(abandoned_calls(mei, since)) == [call]
    assert list(unfinished_legs(mei)) == []


def test_calls_of_another_team_are_not_seen(desk: Desk, omar: User) -> None:
    abandon_after(desk, 30)
    assert list(abandoned_calls(omar, desk.moment - timedelta(hours=1))) == []


@pytest.fixture
def omar(desk: Desk) -> User:
    return desk.new_agent("omar", desk.new_queue("others"), team=create_team("others", "Others"))


def test_unfinished_wrap_up_is_listed(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call())
    desk.hangs_up(call)
    desk.wait(60)
    assert list(unfinished_legs(mei)) == [CallLeg.objects.get(call=call, agent=mei)]
