"""One run from the first caller to the last account."""

import time
from random import Random

from telephony.actions.callbacks import withdraw_callback
from telephony.models import Call, Callback
from telephony.states import CallState
from tests.chaos.desk import Desk
from tests.chaos.fleet import Fleet
from tests.chaos.line import Disorder, Line
from tests.chaos.people import People
from tests.chaos.schedule import Schedule
from tests.chaos.tally import Tally
from tests.chaos.watch import LOST, WAITING, Watch, repetition_changes_nothing
from tests.telephony.invariants import Broken

HANDS, DEEDS = 5, 2
LOOK_EVERY_S, SAY_EVERY_S = 1.0, 15.0
CALM_WITHIN_S = 200.0
AROUND = 60


class Run:
    def __init__(self, desk: Desk, dice: Random, seed: int, *, workers: int) -> None:
        self.tally, self.dice = Tally(seed), dice
        self.schedule = Schedule()
        self.line = Line(_own(dice), self.tally, self.schedule, Disorder())
        self.fleet = Fleet(workers, desk.staff, _own(dice), self.tally, self.line.answer)
        self.line.fleet = self.fleet
        self.people = People(desk, self.line, self.fleet, _own(dice), self.tally)
        self.watch = Watch(self.people, self.tally)
        self.look_took_s = 0.0

    def until(self, events: int, *, longest_s: float) -> int:
        """Let it happen until there were so many events, let everybody go, and settle the account. The exit code."""
        said_at = 0.0
        self.schedule.start(HANDS)
        self.people.begin(DEEDS)
        try:
            while self.tally.total < events and self.tally.seconds < longest_s:
                self._look()
                if self.tally.seconds - said_at > SAY_EVERY_S:
                    said_at = self.tally.seconds
                    print(self.tally.line(), flush=True)
            self._let_go()
            self._settle()
        except (Exception, KeyboardInterrupt) as error:
            return self._breach(error)
        finally:
            self.schedule.stop()
            self.fleet.stop()
        return 0

    def _look(self) -> None:
        # On a busy machine the watch must not become the load.
        time.sleep(max(LOOK_EVERY_S, 4 * self.look_took_s))
        if self.schedule.error is not None:
            raise self.schedule.error
        began = time.monotonic()
        self.watch.look()
        self.look_took_s = time.monotonic() - began

    def _let_go(self) -> None:
        """No new callers and no more faults of processes; those who are there hang up, and the desk comes to rest."""
        self.lasted = self.tally.seconds
        self.people.let_go = True
        self.fleet.immortal()
        for callback in Callback.objects.filter(state__in=Callback.OPEN):
            withdraw_callback(callback)
        with self.line.at_the_carrier() as carrier:
            for call in list(carrier.calls.values()):
                carrier.hang_up(call)
        rest_by = time.monotonic() + CALM_WITHIN_S
        while not self.watch.nothing_is_left():
            self._look()
            if time.monotonic() > rest_by:
                left = list(
                    Call.objects.exclude(state=CallState.ENDED).values("pk", "direction", "state", "state_deadline")
                )
                raise Broken(f"10. calls are left though everybody has gone: {left}")
        for _ in range(3):
            self._look()

    def _settle(self) -> None:
        self.schedule.stop()
        self.tally.checked("ended calls told again", repetition_changes_nothing(300, self.dice))
        self.watch.look()
        ends = self.watch.account()
        self._report(ends)
        if ends[LOST] or ends[WAITING]:
            raise Broken(f"{ends[LOST]} callers lost, {ends[WAITING]} never served")

    def _report(self, ends: dict[str, int]) -> None:
        tally = self.tally
        print(f"\n{tally.total} events in {self.lasted:.0f} s: {tally.total / self.lasted:.1f} per second")
        for title, counts in (("events", tally.events), ("faults injected", tally.faults), ("checks", tally.checks)):
            print(f"{title}: {sum(counts.values())}")
            for name, number in sorted(counts.items(), key=lambda item: -item[1]):
                print(f"  {number:8} {name}")
        print(f"requests to the carrier: {tally.requests}")
        sums = " + ".join(f"{number} {end}" for end, number in sorted(ends.items(), key=lambda item: -item[1]))
        print(f"callers: {sum(ends.values())} arrived = {sums}")
        print(f"0 invariants broken, {ends.get(LOST, 0)} callers lost, seed {tally.seed}", flush=True)

    def _breach(self, error: BaseException) -> int:
        print(self.tally.line())
        print("\n".join(list(self.tally.last)[-AROUND:]))
        print(
            f"\nBROKEN after {self.tally.total} events, seed {self.tally.seed}: {type(error).__name__}: {error}",
            flush=True,
        )
        return 1


def _own(dice: Random) -> Random:
    """Dice of its own for everybody, so that one who throws more often does not change what the others throw."""
    return Random(dice.getrandbits(64))
