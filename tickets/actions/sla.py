"""What happens on a ticket, told to its clocks; all of these expect the ticket's row to be locked.

What they do is written when `tickets.actions.changing` finishes the change.
"""

from datetime import datetime

from tickets.actions.clocks import (
    Ledger,
    backdate_clock,
    ledger_of,
    resume_clock,
    retarget_clock,
    start_clock,
    stop_clock,
    switch_clock,
)
from tickets.models import Category, Interaction, SlaClock, SlaEvent, SlaSegment, SlaTarget, Ticket
from tickets.models.wording import ACTIVE

Metric, Cause, Kind = SlaTarget.Metric, SlaSegment.Cause, SlaEvent.Kind
REPLIES = (Metric.FIRST_REPLY, Metric.NEXT_REPLY)
# Waiting and working begin with the first contact.
FROM_CONTACT = (Metric.REQUESTER_WAIT, Metric.AGENT_WORK)
RESUMED = (*FROM_CONTACT, Metric.RESOLUTION)
FOLLOWS_STATUS = (*RESUMED, Metric.PERIODIC_UPDATE, Metric.OWNERSHIP, Metric.STAGE)


def ticket_opened(ticket: Ticket, at: datetime) -> None:
    """Creation starts the way to the solution and the queue's own time."""
    ledger = ledger_of(ticket)
    start_clock(ledger, Metric.RESOLUTION, at, Cause.OPENED)
    start_clock(ledger, Metric.OWNERSHIP, at, Cause.ASSIGNED)


def customer_made_contact(ticket: Ticket, at: datetime, interaction: Interaction | None = None) -> None:
    """Start the clocks that this contact calls for; those that wait for an older contact go on."""
    ledger = ledger_of(ticket)
    _begin_waiting(ledger, at, interaction)
    if ticket.last_reply_at is None or at >= ticket.last_reply_at:
        reply_owed(ticket, at, interaction)


def reply_owed(ticket: Ticket, at: datetime, interaction: Interaction | None = None) -> SlaClock:
    """The reply clock of a contact that has no answer: the one that runs, sooner if need be, else a new one."""
    ledger = ledger_of(ticket)
    waiting = next(iter(ledger.live(*REPLIES)), None)
    if waiting is not None:
        backdate_clock(ledger, waiting, at)
        return waiting.clock
    had_first = ticket.first_reply_at is not None or any(ledger.latest(metric) for metric in REPLIES)
    metric = Metric.NEXT_REPLY if had_first else Metric.FIRST_REPLY
    return start_clock(ledger, metric, at, Cause.CONTACT, interaction).clock


def agent_replied(ticket: Ticket, at: datetime) -> None:
    """A person of the desk answered: what was owed by then is kept, and the next update is owed from now on."""
    ledger = ledger_of(ticket)
    ticket.first_reply_at = min(ticket.first_reply_at or at, at)
    ticket.last_reply_at = max(ticket.last_reply_at or at, at)
    for book in ledger.live(*REPLIES, Metric.PERIODIC_UPDATE, Metric.PROMISE):
        if book.clock.started_at <= at:
            stop_clock(ledger, book, at)
    if ticket.status.is_active and not ledger.live(Metric.PERIODIC_UPDATE):
        start_clock(ledger, Metric.PERIODIC_UPDATE, at, Cause.REPLIED)


def call_placed(ticket: Ticket, at: datetime) -> None:
    """We called, whoever answered: that keeps a promise to call."""
    ledger = ledger_of(ticket)
    for book in ledger.live(Metric.PROMISE):
        stop_clock(ledger, book, at)


def reply_waived(ticket: Ticket, at: datetime) -> bool:
    """What the customer wrote needs no answer: end the reply clock without a verdict; say whether one ran."""
    ledger = ledger_of(ticket)
    waiting = ledger.live(*REPLIES)
    for book in waiting:
        stop_clock(ledger, book, at, Kind.CANCELLED, reason="waived")
    return bool(waiting)


def status_changed(ticket: Ticket, before: str, at: datetime, interaction: Interaction | None) -> None:
    """Pause, resume, stop or cancel by the category that the ticket moved to."""
    ledger, category = ledger_of(ticket), ticket.status.category
    if category == Category.VOID:
        for book in ledger.live():
            stop_clock(ledger, book, at, Kind.CANCELLED, reason="void")
    elif category not in ACTIVE:
        _stop_at_the_end(ledger, category, at)
    elif before not in ACTIVE:
        _resume(ledger, category, at, interaction)
    _follow(ledger, category, at, interaction)


def queue_changed(ticket: Ticket, at: datetime) -> None:
    """Another group holds the ticket: the time of the former ends and its own begins."""
    ledger = ledger_of(ticket)
    for book in ledger.live(Metric.OWNERSHIP):
        stop_clock(ledger, book, at)
    ledger.forget_ruling()
    if ticket.status.is_active:
        start_clock(ledger, Metric.OWNERSHIP, at, Cause.ASSIGNED)


def terms_changed(ticket: Ticket) -> None:
    """Something changed that policies ask about: pin what is promised now to every live clock.

    Called at the end of every change of a ticket's own columns; whatever stands elsewhere, as tags do, calls it.
    """
    ledger = ledger_of(ticket)
    if not ledger.live():
        return
    ledger.forget_ruling()
    ruling = ledger.ruling()
    for book in ledger.live():
        retarget_clock(ledger, book, ledger.promise(book, ruling))


def stage_entered(
    ticket: Ticket, at: datetime, *, target_s: int | None = None, about: list[str] | None = None
) -> SlaClock:
    """A stage of the ticket's flow began; the clock of the one before is stopped.

    `target_s` is the stage's own limit in open seconds; without one the policy's target for stages counts, if any.
    `about` is its name in both languages.
    """
    stage_left(ticket, at)
    book = start_clock(ledger_of(ticket), Metric.STAGE, at, Cause.STAGE, own_target_s=target_s, about=about)
    return book.clock


def stage_left(ticket: Ticket, at: datetime) -> None:
    """The stage is over, in time or not."""
    ledger = ledger_of(ticket)
    for book in ledger.live(Metric.STAGE):
        stop_clock(ledger, book, at)


def promised(ticket: Ticket, at: datetime, due_at: datetime, about: list[str] | None = None) -> SlaClock:
    """Somebody promised the customer to be heard of at a moment; pauses and hours do not move it."""
    book = start_clock(
        ledger_of(ticket), Metric.PROMISE, at, Cause.PROMISED, pinned_due_at=max(due_at, at), about=about
    )
    return book.clock


def promise_withdrawn(ticket: Ticket, at: datetime) -> None:
    """The customer needs it no more, or it was promised for another moment."""
    ledger = ledger_of(ticket)
    for book in ledger.live(Metric.PROMISE):
        stop_clock(ledger, book, at, Kind.CANCELLED, reason="withdrawn")


def cache_headline(ticket: Ticket) -> None:
    """Keep the clock that is due first in the ticket's own columns, by which lists sort."""
    if "_ledger" not in ticket.__dict__:
        return
    promised_ones = [book.clock for book in ledger_of(ticket).live() if book.clock.is_promised]
    due = [clock for clock in promised_ones if clock.due_at and clock.state != SlaClock.State.PAUSED]
    first = min(due, key=lambda clock: clock.due_at or clock.started_at, default=None)
    if first is None:
        ticket.sla_due_at = None
        ticket.sla_state = Ticket.SlaState.PAUSED if promised_ones else Ticket.SlaState.NONE
        ticket.sla_metric = promised_ones[0].metric if promised_ones else ""
        return
    ticket.sla_due_at, ticket.sla_metric = first.due_at, first.metric
    if first.state == SlaClock.State.BREACHED:
        ticket.sla_state = Ticket.SlaState.BREACHED
    else:
        is_soon = first.warn_at is not None and first.warn_at <= ledger_of(ticket).now
        ticket.sla_state = Ticket.SlaState.SOON if is_soon else Ticket.SlaState.OK


def _begin_waiting(ledger: Ledger, at: datetime, interaction: Interaction | None) -> None:
    for metric in FROM_CONTACT:
        book = ledger.latest(metric)
        if book is None:
            if ledger.ticket.status.is_active:
                start_clock(ledger, metric, at, Cause.CONTACT, interaction)
        elif book.ending is None:
            backdate_clock(ledger, book, at)


def _stop_at_the_end(ledger: Ledger, category: str, at: datetime) -> None:
    """A stage has its own end, which may come after the solution, but not after closing."""
    for book in ledger.live():
        if book.clock.metric == Metric.STAGE:
            if category == Category.CLOSED:
                stop_clock(ledger, book, at, Kind.CANCELLED, reason="closed")
        elif book.clock.metric in (*REPLIES, Metric.PROMISE):
            stop_clock(ledger, book, at, Kind.UNANSWERED)
        else:
            stop_clock(ledger, book, at)


def _resume(ledger: Ledger, category: str, at: datetime, interaction: Interaction | None) -> None:
    for metric in RESUMED:
        book = ledger.latest(metric)
        if book is not None and book.ending is not None:
            resume_clock(ledger, book, category, at, interaction)
    if not ledger.live(Metric.OWNERSHIP):
        start_clock(ledger, Metric.OWNERSHIP, at, Cause.REOPENED)


def _follow(ledger: Ledger, category: str, at: datetime, interaction: Interaction | None) -> None:
    """Clocks that go by the status stand in the new category from now on."""
    for book in ledger.live(*FOLLOWS_STATUS):
        if book.segments[-1].category != category:
            switch_clock(ledger, book, category, at, Cause.STATUS, interaction)
