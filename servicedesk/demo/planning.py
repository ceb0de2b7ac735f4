"""The volume of the last days: what customers called and wrote about, decided before anything is written."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from crmcore.models import Queue
from servicedesk.demo import days
from servicedesk.demo.calls import PastCall
from servicedesk.demo.cast import Cast
from servicedesk.demo.dialling import Caller, Directory
from servicedesk.demo.roster import Roster
from servicedesk.demo.schema import CallNoteText, SubjectText, World
from telephony.models import Call
from telephony.states import Party
from tickets.models import Ticket

Way = Literal["settled", "noted", "called", "wrote"]

# Shares of first calls; the rest raises a matter in one of three ways.
ABANDON_SHARE, NO_MATTER_SHARE = 0.09, 0.23
WAYS: dict[Way, float] = {"settled": 0.48, "noted": 0.15, "called": 0.37}
# Matters that customers wrote about, for each first call.
WRITTEN_SHARE = 0.1
SETTLING, NO_MATTER = {"solved", "answered"}, {"wrong_number", "no_answer_needed"}
PRIORITIES = {"normal": 0.7, "high": 0.18, "low": 0.08, "urgent": 0.04}
LATE_EVERY = 4
# Multiples of the golden section fill the span from 0 to 1 evenly: few draws keep the shares as well as many.
EVENLY = 0.6180339887
CALLS_AGAIN = (0.15, 0.3, 0.3, 0.2, 0.05)
AGAIN_WITHIN_DAYS = 2.5
PATIENCE_S, WRAP_S = (9, 150), (20, 150)
# No call and no wrap-up ends later than this before now.
SPARE = timedelta(seconds=20)


@dataclass(frozen=True)
class Scene:
    """Where and when a world's volume happens; `surge` matters more have the cause that troubles everybody now."""

    world: World
    zone: ZoneInfo
    now: datetime
    season: dict[str, float]
    surge: int


@dataclass
class Matter:
    """One concern of one customer, with its calls. `note` where the ticket comes from the note, else `subject`."""

    way: Way
    opens_at: datetime
    queue: Queue
    caller: Caller
    seed: int
    first: PastCall | None = None
    note: CallNoteText | None = None
    subject: SubjectText | None = None
    priority: str = "normal"
    is_late: bool = False
    later: list[PastCall] = field(default_factory=list)
    ticket: Ticket | None = None

    @property
    def calls(self) -> list[PastCall]:
        """All calls about it."""
        return [*([self.first] if self.first else []), *self.later]


@dataclass(frozen=True)
class Passing:
    """A call that left no ticket: given up, or nothing to do."""

    call: PastCall
    note: CallNoteText | None


class Planner:
    """Plans one world, the same from the same seed."""

    def __init__(self, scene: Scene, cast: Cast, directory: Directory, roster: Roster, rng: Random) -> None:
        self._scene, self._cast, self._directory, self._roster, self._rng = scene, cast, directory, roster, rng
        self.matters: list[Matter] = []
        self.passing: list[Passing] = []
        self._load = Counter[str]()
        for row in scene.world.subjects:
            self._load[row.queue] += row.weight
        self._taken_by = Counter[str]()
        self._ranked = self._drawn = 0

    def plan(self, firsts: int) -> None:
        """Decide on so many first calls, what follows from them, and what was written meanwhile."""
        for moment in self._moments(firsts):
            self._plan_call(moment)
        for moment in self._moments(round(firsts * WRITTEN_SHARE)):
            self._plan_writing(moment, self._subject())
        causes = [row for row in self._scene.world.subjects if row.is_surge]
        for moment in self._moments(self._scene.surge):
            self._plan_writing(moment, self._rng.choice(causes))

    def calls(self) -> list[PastCall]:
        """All calls that were planned."""
        found = [passing.call for passing in self.passing]
        return found + [call for matter in self.matters for call in matter.calls]

    def _moments(self, count: int) -> list[datetime]:
        scene = self._scene
        return days.moments(self._rng, now=scene.now, zone=scene.zone, count=count)

    def _plan_call(self, moment: datetime) -> None:
        self._drawn += 1
        chance = self._drawn * EVENLY % 1
        if chance < ABANDON_SHARE:
            self._give_up(moment)
        elif chance < ABANDON_SHARE + NO_MATTER_SHARE:
            self._pass_by(moment)
        else:
            self._raise_matter(_way(chance), moment)

    def _give_up(self, moment: datetime) -> None:
        queue = self._cast.queues[self._queue()]
        caller = self._directory.someone(self._rng, known=False)
        wait_s = self._rng.randrange(*PATIENCE_S)
        call = replace(self._call(moment, queue, caller), wait_s=wait_s, talk_s=0, wrap_s=0)
        self.passing.append(Passing(call, None))

    def _pass_by(self, moment: datetime) -> None:
        note = self._note(NO_MATTER)
        queue = self._cast.queues[note.queue]
        known = note.outcome != "wrong_number"
        call = self._taken(moment, queue, self._directory.someone(self._rng, known=known), own_team=False)
        if call is not None:
            self.passing.append(Passing(call, note))

    def _raise_matter(self, way: Way, moment: datetime) -> None:
        note = subject = None
        if way == "called":
            subject = self._subject()
        else:
            wanted = SETTLING if way == "settled" else {"follow_up", "callback_promised", "repair_booked"}
            note = self._note(wanted)
        queue = self._cast.queues[(note or subject).queue]  # type: ignore[union-attr]
        caller = self._directory.someone(self._rng, known=True)
        call = self._taken(moment, queue, caller, own_team=way != "settled")
        if call is None:
            return
        opens_at = call.waited_until + (call.ended_at - call.waited_until) / 2 if subject else call.wrapped_up_at
        matter = Matter(way, opens_at, queue, caller, self._seed(), call, note, subject)
        if way == "noted":
            self._call_back(matter)
        elif way == "called":
            self._rank(matter)
            self._call_again(matter)
        self.matters.append(matter)

    def _plan_writing(self, moment: datetime, subject: SubjectText) -> None:
        caller = self._directory.someone(self._rng, known=True)
        queue = self._cast.queues[subject.queue]
        matter = Matter("wrote", moment, queue, caller, self._seed(), subject=subject)
        self._rank(matter)
        self._call_again(matter)
        self.matters.append(matter)

    def _call_again(self, matter: Matter) -> None:
        since = matter.opens_at + timedelta(minutes=20)
        for _time in range(self._rng.choices(range(len(CALLS_AGAIN)), CALLS_AGAIN)[0]):
            moment = days.next_call_time(self._rng, since, days=AGAIN_WITHIN_DAYS, zone=self._scene.zone)
            call = self._taken(moment, matter.queue, matter.caller, own_team=True)
            if call is None:
                return
            matter.later.append(call)
            since = call.wrapped_up_at + timedelta(minutes=30)

    def _call_back(self, matter: Matter) -> None:
        """The one who promised it calls, unless busy or not yet."""
        assert matter.first is not None and matter.first.agent is not None
        moment = days.next_call_time(self._rng, matter.opens_at, days=1.5, zone=self._scene.zone)
        call = replace(
            self._call(moment, matter.queue, matter.caller),
            direction=Call.Direction.OUT,
            agent=matter.first.agent,
            ended_by=Party.AGENT,
        )
        if call.wrapped_up_at < self._scene.now - SPARE:
            self._roster.book(matter.first.agent, call.started_at, call.wrapped_up_at)
            matter.later.append(call)

    def _taken(self, moment: datetime, queue: Queue, caller: Caller, *, own_team: bool) -> PastCall | None:
        """The call with the agent who took it; None when nobody could have, or it would not be over yet."""
        call = self._call(moment, queue, caller)
        if call.wrapped_up_at > self._scene.now - SPARE:
            call = replace(call, talk_s=40 + call.talk_s % 50, wait_s=call.wait_s % 15, wrap_s=25)
        if call.wrapped_up_at > self._scene.now - SPARE:
            return None
        agent = self._roster.take(queue, call.started_at, call.wrapped_up_at, own_team=own_team)
        return replace(call, agent=agent) if agent else None

    def _call(self, moment: datetime, queue: Queue, caller: Caller) -> PastCall:
        rng, scene = self._rng, self._scene
        return PastCall(
            public_id=UUID(int=rng.getrandbits(128), version=4),
            started_at=moment,
            direction=Call.Direction.IN,
            queue=queue,
            line=self._directory.line(queue, caller.number),
            agent=None,
            account=caller.account,
            contact=caller.contact,
            number=caller.number,
            wait_s=days.wait_seconds(rng, moment, now=scene.now, zone=scene.zone),
            talk_s=days.talk_seconds(rng),
            wrap_s=rng.randrange(*WRAP_S),
            ended_by=Party.CUSTOMER if rng.random() < 0.7 else Party.AGENT,
        )

    def _subject(self) -> SubjectText:
        queue = self._queue()
        bank = [row for row in self._scene.world.subjects if row.queue == queue]
        return self._rng.choices(bank, [row.weight for row in bank])[0]

    def _note(self, outcomes: set[str]) -> CallNoteText:
        queue = self._queue()
        bank = [row for row in self._scene.world.call_notes if row.outcome in outcomes]
        return self._rng.choice([row for row in bank if row.queue == queue] or bank)

    def _queue(self) -> str:
        """The queue that is furthest behind its share."""
        total = sum(self._load.values())
        drawn = sum(self._taken_by.values()) + 1
        code = max(self._load, key=lambda one: self._load[one] / total * drawn - self._taken_by[one])
        self._taken_by[code] += 1
        return code

    def _rank(self, matter: Matter) -> None:
        """Set how urgent it is. Every so often something urgent was late: that, too, should be seen."""
        self._ranked += 1
        matter.is_late = self._ranked % LATE_EVERY == 0
        usual = self._rng.choices(list(PRIORITIES), list(PRIORITIES.values()))[0]
        matter.priority = "urgent" if matter.is_late else usual

    def _seed(self) -> int:
        return self._rng.getrandbits(48)


def _way(chance: float) -> Way:
    """The way at `chance`, which lies above the shares of calls that raise no matter."""
    reached = ABANDON_SHARE + NO_MATTER_SHARE
    span = 1 - reached
    for way, share in WAYS.items():
        reached += share * span
        if chance < reached:
            return way
    return "called"
