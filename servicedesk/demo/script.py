"""The script of a load: every story of both worlds, with the calls that stand there before it is played."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from crmcore.models import NumberSequence
from servicedesk.demo.calls import Keys, PastCall, write_calls
from servicedesk.demo.cast import Cast
from servicedesk.demo.clockwork import Story
from servicedesk.demo.desk_schema import DeskText
from servicedesk.demo.dialling import Directory
from servicedesk.demo.echoes import Echo, number, plan_echoes, write_echoes
from servicedesk.demo.pipeline import pursue
from servicedesk.demo.planning import Planner, Scene
from servicedesk.demo.roster import Roster
from servicedesk.demo.schema import ThreadText, World
from servicedesk.demo.threads import calls_of, opening, tell
from servicedesk.demo.volume import Stage, pass_by, unfold

# First calls of the played days.
FIRSTS = {"en": 42, "zh": 38}
# More of the cause that troubles everybody now: a firmware fault, a batch of valves.
SURGES = {"en": 4, "zh": 10}
ZONES = {"en": ZoneInfo("Europe/London"), "zh": ZoneInfo("Asia/Shanghai")}
# How much busier than usual these days are: Singles' Day, mid-year sale, the weeks around Spring Festival, year end.
SEASONS = {
    "en": {"11-27": 1.4, "11-30": 1.6, "12-24": 0.4, "12-25": 0.1, "12-26": 0.1, "01-01": 0.1},
    "zh": {"11-11": 3.0, "11-12": 2.6, "11-13": 2.0, "02-13": 1.8, "02-16": 0.2, "02-17": 0.1, "02-18": 0.1,
           "02-24": 2.2, "02-25": 1.8, "06-18": 2.4, "06-19": 1.8, "10-01": 0.3, "10-02": 0.3},
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A thread with its beginning and its calls by place."""

    thread: ThreadText
    opened: datetime
    calls: dict[int, PastCall]

    @property
    def numbered_at(self) -> datetime:
        """When its ticket takes its number."""
        return self.calls[0].waited_until if 0 in self.calls else self.opened


class Script:
    """Grows world by world; `stories` is what will be played."""

    def __init__(self, cast: Cast, *, now: datetime, rng: Random) -> None:
        self._cast, self._now, self._rng = cast, now, rng
        self._roster = Roster(cast)
        self._told: list[Told] = []
        self._echoes: list[Echo] = []
        self._keys: dict[UUID, Keys] = {}
        self._numbered: list[tuple[str, datetime]] = []
        self.stories: list[Story] = []

    def add(self, world: World) -> None:
        """Plan the world's volume around its threads, write the calls of both, choose what the months before repeat."""
        directory = Directory(world, self._cast, self._rng)
        told = [self._tell(thread, directory) for thread in world.threads]
        calls = [call for one in told for call in one.calls.values()]
        for call in calls:
            if call.agent is not None:
                self._roster.book(call.agent, call.started_at, call.wrapped_up_at)
        scene = Scene(world, ZONES[world.code], self._now, SEASONS[world.code], SURGES[world.code])
        planner = Planner(scene, self._cast, directory, self._roster, self._rng)
        planner.plan(FIRSTS[world.code])
        keys = write_calls([*calls, *planner.calls()])
        echoes = plan_echoes(scene, planner.matters, planner.passing, directory, self._rng)
        self._told += told
        self._echoes += echoes
        self._keys |= keys
        self._numbered += [(one.thread.queue, one.numbered_at) for one in told]
        self._numbered += [(matter.queue.code, matter.opens_at) for matter in planner.matters]
        self._numbered += [(one.matter.queue.code, one.opens_at) for one in echoes if one.matter]
        stage = Stage(self._cast, keys, world.follow_ups)
        self.stories += [tell(one.thread, one.opened, one.calls, keys, self._cast, self._now) for one in told]
        self.stories += [unfold(matter, stage) for matter in planner.matters]
        self.stories += [pass_by(passing, stage) for passing in planner.passing]
        others = [one.numbered_at for one in told] + [matter.opens_at for matter in planner.matters]
        self.stories += number(echoes, others)
        self.stories += self._opportunities(world, told)

    def start_numbers(self, desk: DeskText) -> None:
        """Start each sequence where its story gets the number that is known from the pages."""
        for row in desk.numbers:
            queues = {queue.code for queue in desk.queues if queue.numbers == row.key}
            known = next(one.numbered_at for one in self._told if one.thread.key == row.story)
            earlier = sum(code in queues and moment < known for code, moment in self._numbered)
            NumberSequence.objects.filter(key=row.key).update(next_value=row.number - earlier)

    def write_echoes(self) -> None:
        """Fill the months before, once the days that they repeat were played."""
        write_echoes(self._echoes, self._keys, self._rng)

    def _tell(self, thread: ThreadText, directory: Directory) -> Told:
        opened = opening(thread, self._cast, self._now)
        return Told(thread, opened, calls_of(thread, opened, self._cast, directory, self._rng))

    def _opportunities(self, world: World, told: Iterable[Told]) -> list[Story]:
        began = {one.thread.key: one.opened for one in told}
        return [
            pursue(row, began.get(row.from_ticket), self._cast, now=self._now, rng=self._rng)
            for row in world.opportunities
        ]
