"""Two processes at random over one database, killed at random: nobody is served twice, forgotten or left ringing."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from multiprocessing import get_context
from typing import Any

import pytest
from django.db import connection, connections, transaction

from crmcore import clock, live, models
from crmcore.actions import people, presence
from crmcore.models import Queue, QueueMembership, QueueSkill, Skill, User, UserSkill
from crmcore.shipped_desk import install_desk
from crmcore.strategies import Preference, Strategy
from telephony.actions import joins, lost_legs, offers, sweep
from telephony.actions.evidence import signal_of
from telephony.actions.fold import fold
from telephony.models import Call, CallEvent, CallLeg, Offer, ProviderCommand, QueueEntry
from telephony.providers.base import CallerHungUp
from telephony.states import CallState, LegState, OfferState
from tests.telephony.busy_worker import Orders, names, work
from tests.telephony.deeds import Staff
from tests.telephony.flight_recorder import RECORDED, recording
from tests.telephony.invariants import INVARIANTS, fitting, hold
from tickets.actions.defaults import ensure_ticket_defaults

SECONDS = float(os.environ.get("BUSY_SECONDS", "10"))
LONGEST_S = 3 * SECONDS
ENOUGH_CALLS = 4 * SECONDS
KILL_EVERY_S = 2.5
LOOK_EVERY_S = 0.25
SHORT = timedelta(seconds=1)
BOUND = timedelta(seconds=2)
OVERTAKEN = 3


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_killed_processes_never_break_an_invariant(carriers: None, short_times: None) -> None:
    with recording():
        desk, watch = BusyDesk(), Watch()
        with desk.two_workers() as keep_alive:
            began = time.monotonic()
            while (lasted := time.monotonic() - began) < LONGEST_S:
                if lasted > SECONDS and watch.calls_seen > ENOUGH_CALLS:
                    break
                keep_alive()
                watch.look()
                time.sleep(LOOK_EVERY_S)
        let_everybody_go()
        watch.look()
    nothing_is_left_open()
    repetition_changes_nothing()
    assert watch.calls_seen > SECONDS / 2, "the desk was not busy"


@pytest.fixture
def short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds instead of minutes, so that every deadline is met within the test; and no screens to be told."""
    monkeypatch.setattr(live, "push", lambda rows: None)
    for module in (joins, lost_legs, offers):
        monkeypatch.setattr(module, "JOIN_WITHIN", SHORT)
    for name in ("AGENT_GRACE", "CUSTOMER_GRACE"):
        monkeypatch.setattr(lost_legs, name, SHORT)
    monkeypatch.setattr(sweep, "SILENT_AFTER", SHORT)
    monkeypatch.setattr(sweep, "STRANDED_AFTER", SHORT / 2)


class BusyDesk:
    """A queue of each strategy, with head starts, one with a skill that is asked less of with time; six agents, two of
    them with shaky screens.
    """

    def __init__(self) -> None:
        people.ensure_roles()
        install_desk(models)
        ensure_ticket_defaults()
        team = people.create_team("busy", "Busy")
        skill = Skill.objects.create(code="zh", name="Chinese")
        self.queues = [
            Queue.objects.create(
                code=f"busy{n}",
                name=f"Busy {n}",
                team=team,
                strategy=strategy,
                offer_timeout_s=1,
                wrap_up_s=1,
                priority_s=5 * n,
                exclusion_s=1,
                preferred_agent=Preference.LAST,
                preferred_wait_s=1,
            )
            for n, strategy in enumerate(Strategy.values)
        ]
        QueueSkill.objects.create(queue=self.queues[2], skill=skill, min_level=3, relax_every_s=1, lowest_level=1)
        agents = [self._agent(f"busy{n}", team, skill, level=n) for n in range(6)]
        self.steady, self.shaky = tuple(a.pk for a in agents[:4]), tuple(a.pk for a in agents[4:])

    def _agent(self, name: str, team: Any, skill: Skill, *, level: int) -> User:
        user = people.create_user(name, name=name, password=None, roles=["agent"], teams=[team], by=None)
        QueueMembership.objects.bulk_create(
            QueueMembership(queue=queue, user=user, penalty=n % 2, position=level)
            for n, queue in enumerate(self.queues)
        )
        UserSkill.objects.create(user=user, skill=skill, level=level + 1)
        presence.start_shift(user)
        return user

    @contextmanager
    def two_workers(self) -> Iterator[Any]:
        """Two processes at work; the function that is given replaces the dead and kills one now and then."""
        # The children inherit the shortened times and the test database, but must not share a connection.
        fork = get_context("fork")
        stop, troubles, seeds = fork.Event(), fork.SimpleQueue(), count(1)

        def start() -> Any:
            connections.close_all()
            orders = Orders(next(seeds), Staff(self.steady, self.shaky, tuple(queue.pk for queue in self.queues)))
            child = fork.Process(target=work, args=(orders, stop, troubles), daemon=True)
            child.start()
            return child

        workers, killed_at = [start(), start()], time.monotonic()

        def keep_alive() -> None:
            nonlocal killed_at
            assert troubles.empty(), troubles.get()
            if time.monotonic() - killed_at > KILL_EVERY_S:
                victim = workers.pop(0)
                os.kill(victim.pid, signal.SIGKILL)
                victim.join()
                workers.append(start())
                killed_at = time.monotonic()

        try:
            yield keep_alive
        finally:
            stop.set()
            for worker in workers:
                worker.join(10)
                worker.kill()
        assert troubles.empty(), troubles.get()


class Watch:
    """Looks at consistent snapshots while others work, and remembers what must not change or last."""

    def __init__(self) -> None:
        self.possible: dict[tuple[Any, ...], datetime] = {}
        self.calls_seen = 0

    def look(self) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            now = clock.now()
            hold(INVARIANTS + RECORDED, now=now, overdue=BOUND, passed_over=OVERTAKEN)
            self._nobody_waits_too_long(now)
            self.calls_seen = Call.objects.count()

    def _nobody_waits_too_long(self, now: datetime) -> None:
        """A call and an agent who fit each other do not stay apart for longer than the bound."""
        self.possible = {pair: self.possible.get(pair, now) for pair in fitting(now)}
        assert all(now - since < BOUND for since in self.possible.values()), self.possible


def let_everybody_go() -> None:
    """Every caller hangs up; then the sweeper has a few seconds."""
    for call in Call.objects.exclude(state=CallState.ENDED):
        fold(CallerHungUp(**names(call.provider_call_id)))
    for _ in range(4):
        sweep.sweep()
        time.sleep(0.6)
    sweep.sweep()


def nothing_is_left_open() -> None:
    assert not Call.objects.exclude(state=CallState.ENDED)
    assert not QueueEntry.objects.filter(left_at=None)
    assert not Offer.objects.exclude(state=OfferState.CLOSED)
    assert not CallLeg.objects.exclude(state=LegState.LEFT)
    assert not CallLeg.objects.filter(wrap_up_started_at__isnull=False, wrap_up_ended_at=None)
    assert not ProviderCommand.objects.filter(done_at=None)


def repetition_changes_nothing() -> None:
    before = list(Call.objects.order_by("pk").values())
    for event in CallEvent.objects.order_by("?")[:200]:
        fold(signal_of(event))
    assert list(Call.objects.order_by("pk").values()) == before
