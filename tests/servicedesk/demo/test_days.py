"""When the customers of the demo call."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

from servicedesk.demo import days

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 20, 16, tzinfo=UTC)


def played(count: int = 400) -> list[datetime]:
    return days.moments(Random(1), now=NOW, zone=LONDON, count=count)


def test_the_same_seed_brings_the_same_moments() -> None:
    assert played() == played()


def test_nothing_begins_too_late_to_be_over() -> None:
    assert max(played()) <= NOW - days.SETTLED


def test_some_calls_came_within_the_hour() -> None:
    assert sum(moment > NOW - timedelta(hours=1) for moment in played()) >= 4


def test_even_at_midnight_today_has_calls() -> None:
    midnight = datetime(2026, 11, 20, 0, 1, tzinfo=UTC)
    moments = days.moments(Random(1), now=midnight, zone=LONDON, count=40)
    assert max(moments) <= midnight


def test_monday_is_the_busiest_day_and_noon_a_dip() -> None:
    before_today = [moment for moment in played() if moment.date() < NOW.date()]
    by_day = Counter(moment.date() for moment in before_today)
    assert max(by_day, key=lambda day: by_day[day]).weekday() == 0
    by_hour = Counter(moment.hour for moment in before_today)
    assert by_hour[12] < by_hour[10] > by_hour[13]


def test_half_of_all_talks_last_about_four_minutes() -> None:
    rng = Random(2)
    talks = [days.talk_seconds(rng) for _ in range(2000)]
    assert 220 < median(talks) < 280
    assert max(talks) <= days.LONGEST_TALK_S


def test_a_week_back_is_the_same_time_on_the_wall() -> None:
    summer = days.weeks_back(NOW, 8, LONDON).astimezone(LONDON)
    assert (summer.hour, summer.weekday()) == (16, NOW.weekday())


def test_a_few_even_draws_keep_the_shape_of_the_weights() -> None:
    drawn = Counter(days.spread(Random(3), [1, 2, 1], 8))
    assert drawn == {0: 2, 1: 4, 2: 2}


def test_waiting_takes_longer_when_staff_is_short() -> None:
    rng = Random(4)
    bad = datetime(2026, 11, 18, 14, 30, tzinfo=UTC)
    assert days.is_short_staffed(bad, now=NOW, zone=LONDON)
    waits = [days.wait_seconds(rng, bad, now=NOW, zone=LONDON) for _ in range(300)]
    usual = [days.wait_seconds(rng, bad - timedelta(days=1), now=NOW, zone=LONDON) for _ in range(300)]
    assert sum(waits) > 3 * sum(usual)
