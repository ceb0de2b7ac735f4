"""Who lets things happen: callers, customers whom we call, agents at their browsers, and the beat of the desk."""

import time
from collections import deque
from random import Random
from typing import Any

from tests.chaos.desk import CUSTOMERS, Desk
from tests.chaos.fleet import Fleet, WorkerDied
from tests.chaos.line import Line
from tests.chaos.tally import Tally
from tests.fake_carrier.carrier import FakeCarrier
from tests.fake_carrier.state import FakeCall

MOST_CALLERS = 26
LATE_S = 0.7
TICK_S, RECONCILE_S, SCREENS_S = 1.0, 10.0, 3.0
GOODBYES = ["busy", "no-answer", "failed", "canceled"]


class People:
    """Every method lets something happen and puts the next of its kind on the schedule."""

    def __init__(self, desk: Desk, line: Line, fleet: Fleet, dice: Random, tally: Tally) -> None:
        self.desk, self.line, self.fleet, self.dice, self.tally = desk, line, fleet, dice, tally
        self.schedule = line.schedule
        self.callers: dict[str, FakeCall] = {}
        # Who has gone but had heard something of the desk, so that it must know them.
        self.greeted: set[str] = set()
        self.at_screen = set(desk.staff.agents) | set(desk.staff.supervisors)
        # When the last complete ticks began: what a tick has to do is due by then.
        self.ticks: deque[float] = deque([time.monotonic()] * 2, maxlen=2)
        self.screens_at = time.monotonic()
        self.let_go = False

    def begin(self, deeds: int) -> None:
        for job in (self.tick, self.reconcile, self.relay, self.screens, self.screen_breaks, self.arrive, self.round):
            self.schedule.put(0.0, job)
        for _ in range(deeds):
            self.schedule.put(0.0, self.deed)

    # The desk's own beat.

    def tick(self) -> None:
        began = time.monotonic()
        if self._job("tick"):
            self.ticks.append(began)
        self.schedule.put(max(0.0, began + TICK_S - time.monotonic()), self.tick)

    def reconcile(self) -> None:
        self._job("reconcile")
        self.schedule.put(RECONCILE_S, self.reconcile)

    def relay(self) -> None:
        self._job("relay")
        self.schedule.put(TICK_S, self.relay)

    def screens(self) -> None:
        """Every living screen reports itself."""
        self.schedule.put(SCREENS_S, self.screens)
        while not self._job("screens_live", list(self.at_screen)):
            continue

    def screen_breaks(self) -> None:
        self.schedule.put(self.dice.uniform(1, 4), self.screen_breaks)
        agent = self.dice.choice(self.desk.staff.shaky)
        if agent in self.at_screen and not self.let_go:
            self.at_screen.discard(agent)
            self.tally.fault("screens cut", str(agent))
            self._job("screen_lost", agent)
            self.schedule.put(self.dice.uniform(2, 25), lambda: self._screen_returns(agent))

    def _screen_returns(self, agent: int) -> None:
        self.at_screen.add(agent)
        self._job("screen_opened", agent)
        self.tally.event("screen opened", str(agent))

    # What staff do.

    def deed(self) -> None:
        """One of the desk's people does something, at once followed by the next."""
        if self.let_go:
            return
        try:
            name, result = self.fleet.run("deed", self.dice.getrandbits(32))
        except WorkerDied:
            name, result = "cut short", None
        if result is not None or name.startswith("too late"):
            self.tally.event(f"deed: {name}", str(result)[:60])
        if isinstance(result, tuple):
            self._comes_in(*result)
        self.schedule.put(self.dice.random() * 0.05, self.deed)

    def _comes_in(self, agent: int, ticket: str) -> None:
        """The browser calls the carrier with its ticket: late, twice, or never."""
        chance = self.dice.random()
        if chance < 0.04:
            self.tally.fault("browsers that never came", str(agent))
            return
        for _ in range(2 if chance > 0.96 else 1):
            self.line.soon(lambda: self._browser(agent, ticket), self.dice.random() ** 3 * 6)

    def _browser(self, agent: int, ticket: str) -> None:
        browser = self.line.carrier.connect_browser(f"a_{agent}", ticket=ticket)
        if self.dice.random() < 0.1:
            self.tally.fault("browsers cut off", str(agent))
            self.line.soon(lambda: self.line.carrier.hang_up(browser), self.dice.uniform(0, 15))

    # What customers do.

    def arrive(self) -> None:
        """Somebody calls, if the line and the machine have room for one more."""
        with self.line.at_the_carrier() as carrier:
            live = [call for call in self.callers.values() if not call.is_over]
            if len(live) < MOST_CALLERS and self.schedule.late_s < LATE_S and not self.let_go:
                self._call(carrier)
        if not self.let_go:
            self.schedule.put(self.dice.expovariate(6), self.arrive)

    def see_off(self) -> None:
        """Nobody looks any more for callers who have gone."""
        gone = [call for call in self.callers.values() if call.is_over]
        self.greeted |= {call.sid for call in gone if call.turn > 1 or call.heard}
        for call in gone:
            del self.callers[call.sid]

    def _call(self, carrier: FakeCarrier) -> None:
        number = "anonymous" if self.dice.random() < 0.05 else self.dice.choice(CUSTOMERS)
        call = carrier.dial(number, self.dice.choice(self.desk.numbers))
        self.callers[call.sid] = call
        patience = self.dice.choice([(0.2, 4), (5, 20), (10, 45), (60, 200)])
        self.line.soon(lambda: carrier.hang_up(call), self.dice.uniform(*patience))

    def round(self) -> None:
        """Whoever is asked something answers, whoever waits asks how long, whoever is rung answers or does not."""
        with self.line.at_the_carrier() as carrier:
            for call in [call for call in carrier.calls.values() if not call.is_over]:
                self._turn(carrier, call)
            self.see_off()
            self.line.forget()
        self.schedule.put(1.0, self.round)

    def _turn(self, carrier: FakeCarrier, call: FakeCall) -> None:
        chance = self.dice.random()
        if carrier.dialling.is_ringing(call):
            if chance < 0.3:
                carrier.dialling.answer(call)
                self.line.soon(lambda: carrier.hang_up(call), self.dice.uniform(1, 30))
            elif chance < 0.4:
                carrier.dialling.give_up(call, self.dice.choice(GOODBYES[:3]))
        elif call.asked is not None:
            self._answer(carrier, call, chance)
        elif carrier.queue_of(call) and chance < 0.1:
            carrier.wait_round(call)

    def _answer(self, carrier: FakeCarrier, call: FakeCall, chance: float) -> None:
        assert call.asked is not None
        if call.asked.name == "Record":
            carrier.leave_message(call, self.dice.randint(1, 40))
        elif call.asked.name == "Dial":
            carrier.end_dialled(call)
        elif carrier.queue_of(call) is None or chance < 0.05:
            carrier.press(call, self.dice.choice(["1", "1", "2", "3", "9", ""]))
        else:
            call.asked = None

    def _job(self, name: str, *arguments: Any) -> bool:
        """Whether it was done; a process may die over it."""
        try:
            self.fleet.run(name, *arguments)
        except WorkerDied:
            return False
        return True
