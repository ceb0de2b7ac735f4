"""Playing stories."""

from datetime import UTC, datetime, timedelta

from crmcore import clock
from servicedesk.demo.clockwork import Story, play

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
Log = list[tuple[str, datetime]]


def story(name: str, log: Log, *hours: int) -> Story:
    for hour in hours:
        yield NINE + timedelta(hours=hour)
        log.append((name, clock.now()))


def test_steps_of_all_stories_run_in_the_order_of_time() -> None:
    log: Log = []
    play([story("late", log, 2, 3), story("early", log, 1, 4)], until=NINE + timedelta(days=1))
    assert [name for name, _moment in log] == ["early", "late", "late", "early"]
    assert [moment for _name, moment in log] == [NINE + timedelta(hours=hour) for hour in (1, 2, 3, 4)]


def test_what_lies_ahead_is_not_played() -> None:
    log: Log = []
    assert play([story("one", log, 1, 5)], until=NINE + timedelta(hours=2)) == 1
    assert log == [("one", NINE + timedelta(hours=1))]
