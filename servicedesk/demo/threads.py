"""The hand-written threads, told step by step through the actions that people would use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from crmcore.models import Outcome, User
from crmcore.working_time import working_calendar
from servicedesk.demo.calls import Keys, PastCall
from servicedesk.demo.cast import Cast
from servicedesk.demo.clockwork import Story
from servicedesk.demo.days import talk_seconds
from servicedesk.demo.dialling import Directory
from servicedesk.demo.moments import span
from servicedesk.demo.schema import EntryText, ThreadText
from servicedesk.demo.texting import exchange_text
from servicedesk.demo.wrapping_up import wrap_up
from telephony.models import Call
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import assign_ticket, open_ticket, rate_ticket, resolve_ticket, set_status
from tickets.actions.replies import add_note, customer_reply, reply
from tickets.models import Category, Interaction, SlaTarget, Ticket
from tickets.queries.promises import promises_for

BREACH_IN = timedelta(minutes=6)
SETTLING = timedelta(minutes=4)
CLOSED_AFTER = timedelta(days=3)
RATED_AFTER = timedelta(hours=5)
WAIT_S, WRAP_S = (3, 19), (20, 55)
FIRST_OUTCOME = {"repair": "repair_booked", "complaint": "complaint_filed"}

Calls = Mapping[int, PastCall]


def opening(thread: ThreadText, cast: Cast, now: datetime) -> datetime:
    """When the thread began; one that is about to break its promise does so six minutes from now, if open then."""
    written = now + span(thread.opened)
    if thread.story != "breach_soon":
        return written
    ticket = Ticket(
        type=cast.types[thread.type],
        priority=thread.priority,
        queue=cast.queues[thread.queue],
        account=cast.accounts[thread.account],
    )
    promise = promises_for(ticket, now)[SlaTarget.Metric.FIRST_REPLY]
    pinned = promise.calendar
    calendar = working_calendar(pinned.time_zone, pinned.weekly, pinned.overrides)
    wanted = now + BREACH_IN - timedelta(seconds=promise.target_s)
    is_open = now + BREACH_IN - calendar.due(wanted, promise.target_s) < timedelta(seconds=1)
    return wanted if is_open else written


def calls_of(
    thread: ThreadText, opened: datetime, cast: Cast, directory: Directory, rng: Random
) -> dict[int, PastCall]:
    """The thread's calls by their place on its timeline."""
    calls = {}
    for place, entry in enumerate(thread.timeline):
        if entry.channel == "call":
            calls[place] = _call(thread, entry, opened + span(entry.after), cast, directory, rng)
    return calls


def _call(
    thread: ThreadText, entry: EntryText, at: datetime, cast: Cast, directory: Directory, rng: Random
) -> PastCall:
    outbound = entry.who in cast.staff
    caller = directory.caller(thread.account, thread.contact if outbound else entry.who)
    queue = cast.queues[thread.queue]
    return PastCall(
        public_id=UUID(int=rng.getrandbits(128), version=4),
        started_at=at,
        direction=Call.Direction.OUT if outbound else Call.Direction.IN,
        queue=queue,
        line=directory.line(queue, caller.number),
        agent=cast.staff[entry.who if outbound else entry.by or thread.assignee],
        account=caller.account,
        contact=caller.contact,
        number=caller.number if thread.story != "withheld_complaint" else "",
        wait_s=rng.randrange(*WAIT_S),
        talk_s=min(600, talk_seconds(rng)),
        wrap_s=rng.randrange(*WRAP_S),
    )


def tell(
    thread: ThreadText, opened: datetime, calls: Calls, keys: Mapping[UUID, Keys], cast: Cast, now: datetime
) -> Story:
    """The whole thread, from its opening to the state in which it stands now."""
    first, *later = enumerate(thread.timeline)
    yield calls[first[0]].waited_until if first[0] in calls else opened
    ticket = cast.tickets[thread.key] = _open(thread, first[1], calls.get(first[0]), cast)
    if first[0] in calls:
        yield from wrap_up(calls[first[0]], keys, ticket, _outcome(thread, cast), first[1].text)
    assignee = cast.staff[thread.assignee] if thread.assignee else None
    for place, entry in later:
        yield opened + span(entry.after)
        if entry.who in cast.staff and ticket.assignee_id is None and assignee is not None:
            ticket = assign_ticket(ticket, to=assignee, by=assignee)
        if place in calls:
            yield from wrap_up(calls[place], keys, ticket, cast.outcomes["follow_up"], entry.text)
        else:
            _enter(ticket, entry, cast)
    yield from _settle(thread, ticket, assignee, cast, now)


def _open(thread: ThreadText, first: EntryText, call: PastCall | None, cast: Cast) -> Ticket:
    contact = cast.contacts[thread.contact]
    author = cast.staff.get(first.who) or contact.users.first()
    return open_ticket(
        by=call.agent if call else author,
        subject=thread.subject,
        type=cast.types[thread.type],
        queue=cast.queues[thread.queue],
        account=cast.accounts[thread.account],
        contact=contact,
        channel=Ticket.Channel.PORTAL if first.channel == "portal" else Ticket.Channel.CALL,
        priority=thread.priority,
        body="" if call else first.text,
        assignee=cast.staff[thread.assignee] if call and thread.assignee else None,
        contacted_at=call.started_at if call and call.is_inbound else None,
    )


def _outcome(thread: ThreadText, cast: Cast) -> Outcome:
    return cast.outcomes[FIRST_OUTCOME.get(thread.type, "follow_up")]


def _enter(ticket: Ticket, entry: EntryText, cast: Cast) -> None:
    author = cast.staff.get(entry.who)
    if entry.channel == "sms":
        exchange_text(ticket, entry, cast)
    elif author is None and entry.who in cast.contacts:
        customer_reply(ticket, by_contact=cast.contacts[entry.who], body=entry.text)
    elif author is None:
        log_interaction(
            ticket=ticket,
            account=ticket.account,
            contact=ticket.contact,
            channel=Interaction.Channel.SYSTEM,
            direction=Interaction.Direction.INTERNAL,
            body=entry.text,
            is_public=False,
            by=None,
        )
    elif entry.channel == "reply":
        reply(ticket, by=author, body=entry.text)
    else:
        add_note(ticket, by=author, body=entry.text)


def _settle(thread: ThreadText, ticket: Ticket, assignee: User | None, cast: Cast, now: datetime) -> Story:
    """Bring the ticket to the status that it has today, and let the customer have the last word."""
    if thread.status == Category.NEW:
        return
    ticket.refresh_from_db()
    ended = ticket.last_event_at
    left = now - ended
    yield ended + min(SETTLING, left / 8)
    if assignee is not None and ticket.assignee_id is None:
        assign_ticket(ticket, to=assignee, by=assignee)
    if thread.status in (Category.SOLVED, Category.CLOSED):
        resolve_ticket(ticket, by=assignee)
    elif thread.status != ticket.status.category:
        set_status(ticket, cast.statuses[thread.status], by=assignee)
    if thread.rating is not None:
        yield ended + min(RATED_AFTER, left / 4)
        by = cast.contacts[thread.contact].users.first()
        rate_ticket(ticket, by=by, score=thread.rating.score, comment=thread.rating.comment)
    if thread.status == Category.CLOSED:
        yield ended + min(CLOSED_AFTER, left / 2)
        set_status(ticket, cast.statuses[Category.CLOSED], by=None)
