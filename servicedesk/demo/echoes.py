"""The thirteen months before: what the actions wrote for one week, moved back by whole weeks to other customers.

Playing a year of tickets through the actions takes minutes; their rows, once written, can be copied in bulk. A copy
is the same to the second, so it is dropped where a holiday would have moved a due time or what the clock counted.
"""

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from crmcore.actions import numbers
from servicedesk.demo import days
from servicedesk.demo.calls import Keys, PastCall
from servicedesk.demo.clockwork import Story
from servicedesk.demo.copying import Copy, write_copies
from servicedesk.demo.dialling import Caller, Directory
from servicedesk.demo.planning import Matter, Passing, Scene
from tickets.models import SlaClock, SlaSegment, Ticket
from tickets.queries.promises import terms_of
from tickets.sla_clock import final, warn_at

# Since when the present trouble exists.
SURGE_WEEKS = 4


@dataclass
class Echo:
    """One matter or passing call again, `shift` earlier and with another caller."""

    calls: list[PastCall]
    matter: Matter | None
    shift: timedelta
    caller: Caller
    opens_at: datetime
    number: str = ""


@dataclass(frozen=True)
class _Moved:
    """A segment of a ledger at another time."""

    category: str
    cause: str
    started_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, segment: SlaSegment, shift: timedelta) -> "_Moved":
        ended_at = segment.ended_at + shift if segment.ended_at else None
        return cls(segment.category, segment.cause, segment.started_at + shift, ended_at)


def plan_echoes(
    scene: Scene, matters: Iterable[Matter], passing: Iterable[Passing], directory: Directory, rng: Random
) -> list[Echo]:
    """Choose what is repeated in which week; customers with a sign-in keep what they really said."""
    units: list[tuple[datetime, list[PastCall], Matter | None]] = []
    units += [(matter.opens_at, matter.calls, matter) for matter in matters if not _signs_in(matter.caller)]
    units += [(one.call.started_at, [one.call], None) for one in passing]
    echoes = []
    for weeks in range(1, days.HISTORY_WEEKS + 1):
        for moment, calls, matter in units:
            is_new = matter is not None and matter.subject is not None and matter.subject.is_surge
            if not days.is_echoed(moment, now=scene.now) or (is_new and weeks > SURGE_WEEKS):
                continue
            before = days.weeks_back(moment, weeks, scene.zone)
            busy = scene.season.get(f"{before.astimezone(scene.zone):%m-%d}", 1.0)
            if rng.random() < days.echo_share(weeks) * busy:
                caller = _caller(matter, calls, directory, rng)
                echoes.append(Echo(calls, matter, before - moment, caller, before))
    return echoes


def number(echoes: Iterable[Echo], others: Iterable[datetime]) -> list[Story]:
    """Stories that take the tickets' numbers, so that they grow with time: one for each run that no ticket opened at
    `others` interrupts.
    """
    breaks = sorted(others)
    runs: dict[tuple[str, int], list[Echo]] = {}
    for echo in sorted(echoes, key=lambda one: one.opens_at):
        if echo.matter is not None and echo.matter.queue.ticket_numbers is not None:
            run = (echo.matter.queue.ticket_numbers.key, bisect(breaks, echo.opens_at))
            runs.setdefault(run, []).append(echo)
    return [_number(key, run) for (key, _place), run in runs.items()]


def _number(key: str, run: Sequence[Echo]) -> Story:
    yield run[0].opens_at
    for echo, taken in zip(run, numbers.next_numbers(key, len(run)), strict=True):
        echo.number = taken


def write_echoes(echoes: Iterable[Echo], keys: Mapping[UUID, Keys], rng: Random) -> None:
    """Copy the rows of what is over by now."""
    solved = set(Ticket.objects.filter(is_active=False).values_list("pk", flat=True))
    clocks = _clocks(solved)
    kept = []
    for echo in echoes:
        ticket = echo.matter.ticket.pk if echo.matter and echo.matter.ticket else None
        is_over = ticket in solved if echo.matter else True
        if is_over and all(_keeps_time(clock, echo.shift) for clock in clocks.get(ticket or 0, ())):
            calls = [keys[call.public_id].call for call in echo.calls]
            kept.append(Copy(ticket, calls, echo.shift, echo.caller, echo.number))
    write_copies(kept, rng)


def _caller(matter: Matter | None, calls: list[PastCall], directory: Directory, rng: Random) -> Caller:
    """Another customer to whom the same was promised; nobody stays nobody."""
    former = matter.caller if matter else Caller(calls[0].account, calls[0].contact, calls[0].number)
    if former.account is None:
        return former
    return directory.someone_like(former.account, rng)


def _signs_in(caller: Caller) -> bool:
    return caller.contact is not None and caller.contact.users.exists()


def _clocks(tickets: set[int]) -> dict[int, list[SlaClock]]:
    rows = SlaClock.objects.filter(ticket__in=tickets).select_related("policy_version", "calendar_version")
    found: dict[int, list[SlaClock]] = {}
    for clock in rows.prefetch_related("segments"):
        found.setdefault(clock.ticket_id, []).append(clock)
    return found


def _keeps_time(clock: SlaClock, shift: timedelta) -> bool:
    """Whether the calendar counts the same and gives the same warning and due times, `shift` away."""
    terms = terms_of(clock)
    if terms is None or clock.warn_at is None or clock.due_at is None:
        return True
    there = final([_Moved.of(segment, shift) for segment in clock.segments.all()], terms)
    here = (clock.consumed_s, clock.warn_at + shift, clock.due_at + shift)
    return (there.consumed_s, warn_at(there, terms), there.due_at) == here
