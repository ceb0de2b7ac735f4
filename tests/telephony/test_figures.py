"""Figures of past intervals come from raw rows alone and can be made anew at any time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crmcore.models import Queue
from telephony.actions.roll_up import forget_sums, roll_up
from telephony.models import AgentQuarter, QueueQuarter
from telephony.queries.board import counts_since
from telephony.queries.figures import by_agent, by_interval, by_queue, total
from telephony.service_level import service_level
from tests.telephony.desk import NINE, Desk

DAY = timedelta(days=1)


def answer_after(desk: Desk, seconds: float, *, talk: float = 100, wrap: float = 60) -> None:
    call = desk.call()
    desk.wait(seconds)
    desk.talk(call)
    desk.wait(talk)
    desk.hangs_up(call)
    desk.wait(wrap)


def abandon_after(desk: Desk, seconds: float) -> None:
    call = desk.call()
    desk.moment += timedelta(seconds=seconds)
    desk.hangs_up(call)


def a_morning(desk: Desk) -> None:
    """Three hang up, one of them at once; one is answered in time; an hour later another is."""
    for wait in (30, 3, 21):
        abandon_after(desk, wait)
    desk.new_agent("mei")
    answer_after(desk, 5)
    desk.wait(3600)
    answer_after(desk, 15, talk=200)
    desk.do(roll_up)


def test_sums_agree_with_the_raw_rows(desk: Desk) -> None:
    a_morning(desk)
    [(_queue, found)] = by_queue([desk.queue], NINE - DAY, NINE + DAY)
    assert found.counts == counts_since(NINE - DAY, [desk.queue])[desk.queue.pk]
    assert found.handled == 2


def test_handle_time_is_talk_hold_and_wrap_up(desk: Desk) -> None:
    desk.new_agent("mei")
    answer_after(desk, 5, talk=100, wrap=60)
    desk.do(roll_up)
    [(_queue, found)] = by_queue([desk.queue], NINE - DAY, NINE + DAY)
    assert found.average_handle_s == pytest.approx(160, abs=2)


def test_intervals_follow_the_readers_zone(desk: Desk) -> None:
    a_morning(desk)
    rows = by_interval([desk.queue], NINE - DAY, NINE + DAY, "hour", ZoneInfo("Asia/Shanghai"))
    assert [step.strftime("%H:%M") for step, _found in rows] == ["09:00", "10:00"]
    assert [found.counts.offered for _step, found in rows] == [4, 1]


@pytest.mark.parametrize(("step", "labels"), [("quarter", ["09:00", "10:00"]), ("half_hour", ["09:00", "10:00"])])
def test_steps_shorter_than_an_hour(desk: Desk, step: str, labels: list[str]) -> None:
    a_morning(desk)
    rows = by_interval([desk.queue], NINE - DAY, NINE + DAY, step, ZoneInfo("Asia/Shanghai"))
    assert [moment.strftime("%H:%M") for moment, _found in rows] == labels


def test_total_is_the_same_by_every_step(desk: Desk) -> None:
    a_morning(desk)
    whole = by_queue([desk.queue], NINE - DAY, NINE + DAY)[0][1]
    for step in ("quarter", "half_hour", "hour", "day", "week", "month"):
        rows = by_interval([desk.queue], NINE - DAY, NINE + DAY, step, UTC)
        assert total(found for _step, found in rows) == whole


def test_a_changed_definition_reaches_back(desk: Desk) -> None:
    a_morning(desk)
    Queue.objects.filter(pk=desk.queue.pk).update(answer_within_s=10, short_abandon_s=25)
    desk.do(roll_up)
    counts = by_queue([desk.queue], NINE - DAY, NINE + DAY)[0][1].counts
    assert (counts.answered_in_time, counts.short_abandons) == (1, 2)
    assert service_level(counts) == pytest.approx(1 / 3)


def test_summing_twice_changes_nothing(desk: Desk) -> None:
    a_morning(desk)
    before = by_queue([desk.queue], NINE - DAY, NINE + DAY)
    desk.do(roll_up)
    assert by_queue([desk.queue], NINE - DAY, NINE + DAY) == before


def test_wrap_up_that_ends_after_a_run_is_counted_by_the_next(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.call()
    desk.talk(call)
    desk.wait(100)
    desk.hangs_up(call)
    desk.do(roll_up)
    desk.wait(61)
    desk.do(roll_up)
    assert by_queue([desk.queue], NINE - DAY, NINE + DAY)[0][1].wrap_up_seconds == pytest.approx(60, abs=2)


def test_lost_sums_come_back_from_the_raw_rows(desk: Desk) -> None:
    a_morning(desk)
    before = by_queue([desk.queue], NINE - DAY, NINE + DAY)
    QueueQuarter.objects.all().delete()
    desk.do(forget_sums)
    desk.do(roll_up)
    assert by_queue([desk.queue], NINE - DAY, NINE + DAY) == before


def test_an_agents_slices_fill_the_shift(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    began = desk.moment - timedelta(seconds=1)
    answer_after(desk, 5)
    desk.wait(2000)
    desk.do(roll_up)
    [day] = by_agent([mei], NINE - DAY, NINE + DAY)
    assert day.shift_seconds == pytest.approx((desk.moment - began).total_seconds(), abs=0.01)
    assert (day.offers, day.accepted, day.handled) == (1, 1, 1)


def test_a_quarter_hour_holds_at_most_fifteen_minutes(desk: Desk) -> None:
    desk.new_agent("mei")
    desk.wait(4000)
    desk.do(roll_up)
    spent = [row.ready_seconds + row.away_seconds for row in AgentQuarter.objects.all()]
    assert len(spent) == 5
    assert max(spent) <= 900


def test_missed_offers_are_counted_for_the_agent(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    desk.call()
    desk.wait(desk.queue.offer_timeout_s + 1)
    desk.do(roll_up)
    [day] = by_agent([mei], NINE - DAY, NINE + DAY)
    assert (day.offers, day.accepted, day.missed) == (1, 0, 1)
    assert day.answer_rate == 0


def test_first_run_takes_the_whole_past(desk: Desk) -> None:
    desk.moment = datetime(2019, 5, 6, 8, tzinfo=UTC)
    abandon_after(desk, 30)
    desk.moment = NINE
    desk.do(roll_up)
    assert QueueQuarter.objects.get().start == datetime(2019, 5, 6, 8, tzinfo=UTC)
