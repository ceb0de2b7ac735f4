"""What happens on a ticket, told to its clocks; all of these expect the ticket's row to be locked."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from tickets.actions.clocks import (
    backdate_clock,
    resume_clock,
    retarget_clock,
    start_clock,
    stop_clock,
    switch_clock,
)
from tickets.models import Category, Interaction, SlaClock, SlaEvent, SlaSegment, SlaTarget, Ticket
from tickets.models.wording import ACTIVE
from tickets.queries.promises import promises_for
from tickets.sla_clock import FOLLOWS_STATUS

Metric, Cause = SlaTarget.Metric, SlaSegment.Cause
REPLIES = (Metric.FIRST_REPLY, Metric.NEXT_REPLY)


def ticket_opened(ticket: Ticket, at: datetime) -> None:
    promise = promises_for(ticket, at).get(Metric.RESOLUTION)
    start_clock(ticket, Metric.RESOLUTION, at, Cause.OPENED, promise)


def customer_made_contact(ticket: Ticket, at: datetime, interaction: Interaction | None = None) -> None:
    """Start the reply clock that this contact calls for; one that waits for an older contact goes on."""
    if ticket.last_reply_at is None or at >= ticket.last_reply_at:
        reply_owed(ticket, at, interaction)


def reply_owed(ticket: Ticket, at: datetime, interaction: Interaction | None = None) -> SlaClock:
    """The reply clock of a contact that has no answer: the one that runs, sooner if need be, else a new one."""
    clocks = list(ticket.clocks.filter(metric__in=REPLIES))
    waiting = next((clock for clock in clocks if clock.is_live), None)
    if waiting is not None:
        backdate_clock(waiting, at)
        return waiting
    had_first = ticket.first_reply_at is not None or bool(clocks)
    metric = Metric.NEXT_REPLY if had_first else Metric.FIRST_REPLY
    return start_clock(ticket, metric, at, Cause.CONTACT, promises_for(ticket, at).get(metric), interaction)


def agent_replied(ticket: Ticket, at: datetime) -> None:
    """A person of the desk answered: the reply clocks that were running by then stop."""
    ticket.first_reply_at = min(ticket.first_reply_at or at, at)
    ticket.last_reply_at = max(ticket.last_reply_at or at, at)
    for clock in _live(ticket):
        if clock.metric in REPLIES and clock.started_at <= at:
            stop_clock(clock, at)


def reply_waived(ticket: Ticket, at: datetime) -> bool:
    """What the customer wrote needs no answer: end the reply clock without a verdict; say whether one ran."""
    waiting = [clock for clock in _live(ticket) if clock.metric in REPLIES]
    for clock in waiting:
        stop_clock(clock, at, SlaEvent.Kind.CANCELLED)
    return bool(waiting)


def status_changed(ticket: Ticket, before: str, at: datetime, interaction: Interaction) -> None:
    """Pause, resume, stop or cancel by the category that the ticket moved to."""
    category = ticket.status.category
    if category == Category.VOID:
        for clock in _live(ticket):
            stop_clock(clock, at, SlaEvent.Kind.CANCELLED)
    elif category not in ACTIVE:
        for clock in _live(ticket):
            stop_clock(clock, at, SlaEvent.Kind.UNANSWERED if clock.metric in REPLIES else None)
    elif before not in ACTIVE:
        for clock in ticket.clocks.filter(metric__in=FOLLOWS_STATUS):
            resume_clock(clock, category, at, interaction)
        terms_changed(ticket, at)
    elif category != before:
        for clock in _live(ticket):
            if clock.metric in FOLLOWS_STATUS:
                switch_clock(clock, category, at, Cause.STATUS, interaction)


def terms_changed(ticket: Ticket, at: datetime) -> None:
    """Priority, type, queue or customer changed: pin what is promised now to every live clock."""
    promises = promises_for(ticket, at)
    for clock in _live(ticket):
        retarget_clock(clock, promises.get(clock.metric))


def cache_headline(ticket: Ticket) -> None:
    """Keep the clock that is due first in the ticket's own columns, by which lists sort."""
    was_warned = SlaEvent.objects.filter(clock=OuterRef("pk"), kind=SlaEvent.Kind.WARN, ordinal=OuterRef("period"))
    rows = ticket.clocks.filter(state__in=SlaClock.LIVE, target_s__isnull=False)
    promised = list(rows.annotate(was_warned=Exists(was_warned)).order_by("pk"))
    due = [clock for clock in promised if clock.due_at and clock.state != SlaClock.State.PAUSED]
    first = min(due, key=lambda clock: (clock.due_at, clock.pk), default=None)
    if first is None:
        paused = next(iter(promised), None)
        ticket.sla_due_at = None
        ticket.sla_state = Ticket.SlaState.PAUSED if paused else Ticket.SlaState.NONE
        ticket.sla_metric = paused.metric if paused else ""
        return
    ticket.sla_due_at = first.due_at
    ticket.sla_metric = first.metric
    if first.state == SlaClock.State.BREACHED:
        ticket.sla_state = Ticket.SlaState.BREACHED
    else:
        ticket.sla_state = Ticket.SlaState.SOON if first.was_warned else Ticket.SlaState.OK


def _live(ticket: Ticket) -> list[SlaClock]:
    rows = ticket.clocks.filter(state__in=SlaClock.LIVE)
    return list(rows.select_related("policy_version", "calendar_version").order_by("pk"))
