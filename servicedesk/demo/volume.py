"""Playing the planned matters: opened, answered, solved and rated through the actions, mostly in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from crmcore.models import Queue, User
from servicedesk.demo.calls import Keys, PastCall
from servicedesk.demo.cast import Cast
from servicedesk.demo.clockwork import Story
from servicedesk.demo.planning import Matter, Passing
from servicedesk.demo.schema import FollowUpsText
from servicedesk.demo.wrapping_up import wrap_up
from tickets.actions.lifecycle import assign_ticket, open_ticket, rate_ticket, resolve_ticket
from tickets.actions.replies import add_note, reply
from tickets.models import SlaClock, SlaTarget, Ticket
from tickets.queries.promises import terms_of

Metric = SlaTarget.Metric

REPLIED_IN_TIME, SOLVED_IN_TIME, TOO_LATE = (0.04, 0.85), (0.05, 0.55), (1.02, 1.35)
UNPROMISED = timedelta(hours=3)
RATED_SHARE = {"settled": 0.15, "noted": 0.3, "called": 0.4, "wrote": 0.45}
# Low scores need a story of their own and stand in the threads.
SCORES = {5: 0.62, 4: 0.28, 3: 0.10}
SETTLED_TYPE = {"solved": "repair", "answered": "consultation"}
OUTCOME_OF_TYPE = {"repair": "repair_booked", "complaint": "complaint_filed", "consultation": "callback_promised"}


@dataclass(frozen=True)
class Stage:
    """What every matter of a world needs to be played."""

    cast: Cast
    keys: Mapping[UUID, Keys]
    follow_ups: FollowUpsText


def pass_by(passing: Passing, stage: Stage) -> Story:
    """A call that needs no ticket is filed under the customer."""
    if passing.note is not None:
        outcome = stage.cast.outcomes[passing.note.outcome]
        yield from wrap_up(passing.call, stage.keys, None, outcome, passing.note.text)


def unfold(matter: Matter, stage: Stage) -> Story:
    """One matter from its first word to its last."""
    rng = Random(matter.seed)
    if matter.note is not None and matter.first is not None:
        yield from _file(matter, matter.first, stage)
        ticket = matter.ticket = Ticket.objects.get(calls=stage.keys[matter.first.public_id].call)
        yield from _call_back(matter, ticket, stage, rng)
    else:
        yield matter.opens_at
        ticket = matter.ticket = _open(matter, stage.cast)
        yield from _work(matter, ticket, stage, rng)
    ticket.refresh_from_db()
    if not ticket.status.is_active and rng.random() < RATED_SHARE[matter.way]:
        yield ticket.last_event_at + timedelta(minutes=rng.randrange(20, 2000))
        by = matter.caller.contact.users.first() if matter.caller.contact else None
        rate_ticket(ticket, by=by, score=rng.choices(list(SCORES), list(SCORES.values()))[0])


def _file(matter: Matter, call: PastCall, stage: Stage) -> Story:
    assert matter.note is not None
    outcome = stage.cast.outcomes[matter.note.outcome]
    type_code = SETTLED_TYPE.get(matter.note.outcome, "request")
    yield from wrap_up(call, stage.keys, None, outcome, matter.note.text, type_code=type_code)


def _call_back(matter: Matter, ticket: Ticket, stage: Stage, rng: Random) -> Story:
    for call in matter.later:
        note = rng.choice(stage.follow_ups.calls_back)
        yield from wrap_up(call, stage.keys, ticket, stage.cast.outcomes["solved"], note)


def _open(matter: Matter, cast: Cast) -> Ticket:
    call, subject = matter.first, matter.subject
    assert subject is not None
    contact = matter.caller.contact
    return open_ticket(
        by=call.agent if call else contact.users.first() if contact else None,
        subject=subject.subject,
        type=cast.types[subject.type],
        queue=matter.queue,
        account=matter.caller.account,
        contact=contact,
        channel=Ticket.Channel.CALL if call else Ticket.Channel.PORTAL,
        priority=matter.priority,
        body="" if call else subject.opening,
        assignee=call.agent if call else None,
        contacted_at=call.started_at if call else None,
    )


def _work(matter: Matter, ticket: Ticket, stage: Stage, rng: Random) -> Story:
    """Calls about the matter, a reply and the solution, each when its time has come."""
    subject, cast = matter.subject, stage.cast
    assert subject is not None
    if matter.first is not None:
        outcome = cast.outcomes[OUTCOME_OF_TYPE.get(subject.type, "follow_up")]
        yield from wrap_up(matter.first, stage.keys, ticket, outcome, subject.note)
    answer_at = _moment(ticket, Metric.FIRST_REPLY, TOO_LATE if matter.is_late else REPLIED_IN_TIME, rng)
    solve_at = max(
        answer_at + timedelta(minutes=15),
        _moment(ticket, Metric.RESOLUTION, TOO_LATE if matter.is_late else SOLVED_IN_TIME, rng),
    )
    calls = list(matter.later)
    while calls and calls[0].started_at < answer_at:
        yield from _ask(calls.pop(0), ticket, stage, rng)
    yield answer_at
    owner = ticket.assignee or _owner(matter.queue, cast, rng)
    if ticket.assignee is None:
        ticket = assign_ticket(ticket, to=owner, by=owner)
        if matter.first is None:
            add_note(ticket, by=owner, body=subject.note)
    reply(ticket, by=owner, body=subject.reply)
    while calls and calls[0].started_at < solve_at:
        yield from _ask(calls.pop(0), ticket, stage, rng)
    yield solve_at
    add_note(ticket, by=owner, body=subject.resolution)
    resolve_ticket(ticket, by=owner)
    for call in calls:
        note = rng.choice(stage.follow_ups.thanks)
        yield from wrap_up(call, stage.keys, ticket, cast.outcomes["solved"], note)


def _ask(call: PastCall, ticket: Ticket, stage: Stage, rng: Random) -> Story:
    yield from wrap_up(call, stage.keys, ticket, stage.cast.outcomes["follow_up"], rng.choice(stage.follow_ups.asks))


def _moment(ticket: Ticket, metric: str, within: tuple[float, float], rng: Random) -> datetime:
    """A moment at so much of the promised time, in the hours in which the desk is open."""
    share = rng.uniform(*within)
    clocks = ticket.clocks.filter(metric=metric).select_related("policy_version", "calendar_version")
    clock: SlaClock | None = clocks.first()
    terms = terms_of(clock) if clock else None
    if clock is None or terms is None:
        return ticket.opened_at + UNPROMISED * rng.uniform(0.3, 2)
    return terms.calendar.due(ticket.opened_at, round(terms.target_s * share))


def _owner(queue: Queue, cast: Cast, rng: Random) -> User:
    members = cast.members[queue.code]
    at_home = [agent for agent in members if queue.team in agent.teams.all()]
    return rng.choice(at_home or members)
