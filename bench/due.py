"""Due moments a second: the arithmetic alone, and with the compiled calendar fetched anew."""

import argparse
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bench.figures import Figure, timed
from crmcore.working_time import working_calendar

WEEK = {day: [["09:00", "12:00"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
MANY = 20_000


def run(options: argparse.Namespace) -> Iterator[Figure]:
    rng = random.Random(1)
    first = datetime(2026, 1, 5, tzinfo=UTC)
    starts = [first + timedelta(minutes=rng.randrange(500_000)) for _ in range(MANY)]
    calendar = working_calendar("Asia/Shanghai", WEEK, [])

    def compute() -> None:
        for start in starts:
            calendar.due(start, 14_400)

    times = timed(compute, 3)
    yield Figure("due moments", MANY / times.median * 1000, "/s", "8.5 h a day in two intervals, one zone")
