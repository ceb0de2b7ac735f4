"""Playing many stories in the order of their moments, each step under the clock of its own time."""

from collections.abc import Generator, Iterable
from datetime import datetime
from heapq import heapify, heappop, heappush

from crmcore import clock

# A story yields the moment of its next step and goes on when that moment has come.
Story = Generator[datetime, None, None]


def play(stories: Iterable[Story], *, until: datetime) -> int:
    """Run all stories until they end or their next step lies after `until`; how many steps that were."""
    agenda: list[tuple[datetime, int, Story]] = []
    for order, story in enumerate(stories):
        first = next(story, None)
        if first is not None and first <= until:
            agenda.append((first, order, story))
    heapify(agenda)
    steps = 0
    while agenda:
        moment, order, story = heappop(agenda)
        with clock.at(moment):
            following = next(story, None)
        steps += 1
        if following is not None and following <= until:
            heappush(agenda, (max(following, moment), order, story))
    return steps
