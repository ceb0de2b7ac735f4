"""What remains of a call in the customer's history: an interaction, and a ticket where the outcome needs one."""

import structlog
from django.utils.translation import gettext as _

from crmcore import phone_numbers
from crmcore.models import Outcome, User
from telephony.models import Call, CallLeg
from telephony.queries.lines import default_queue
from telephony.queries.sounds import sounds_of
from tickets.actions.interactions import attach_sound, log_interaction, withdraw_interaction
from tickets.actions.lifecycle import assign_ticket, open_ticket, resolve_ticket
from tickets.actions.moves import WrongMove
from tickets.models import Interaction, Ticket, TicketType

log = structlog.get_logger(__name__)

SUBJECT_LENGTH = 120
USUAL_TYPE = "consultation"


def record_contact(call: Call, leg: CallLeg, *, outcome: Outcome | None, type_code: str = "") -> None:
    """Write the call into the history of ticket and customer, once per leg, and let the outcome act on the ticket.

    Sets `leg.interaction` without saving the leg.
    """
    by = leg.staff
    if outcome is not None and call.ticket is None and outcome.ticket_effect != Outcome.TicketEffect.NONE:
        _open_ticket(call, by=by, type_code=type_code)
    if leg.interaction is None:
        leg.interaction = _log_call(call, leg, by=by)
        _follow(call, leg.interaction)
    elif call.note != leg.interaction.body or call.ticket_id != leg.interaction.ticket_id:
        _log_late_note(call, by=by)
    if outcome is not None and call.ticket is not None:
        _act_on(call.ticket, outcome, by=by)


def _act_on(ticket: Ticket, outcome: Outcome, *, by: User) -> None:
    """What the outcome does to the ticket; what is still to do falls to whoever promised it."""
    if outcome.needs_follow_up and ticket.is_active and ticket.assignee_id is None:
        ticket = assign_ticket(ticket, to=by, by=by)
    if outcome.ticket_effect == Outcome.TicketEffect.SOLVE:
        try:
            resolve_ticket(ticket, by=by)
        except WrongMove as reason:
            # The wrap-up must not fail over it: the ticket stays open, and its page says what it lacks.
            log.info("ticket.not_solved", ticket=ticket.number, reason=str(reason))


def move_contact(call: Call, leg: CallLeg, *, by: User) -> None:
    """The call turned out to be another customer's: its entries leave the former one and are made anew.

    Sets `leg.interaction` without saving the leg.
    """
    references = [f"call:{call.public_id}", f"note:{call.public_id}"]
    for entry in Interaction.objects.filter(by=leg.agent, reference__in=references).select_related("ticket"):
        withdraw_interaction(entry, by=by)
    leg.interaction = None
    record_contact(call, leg, outcome=None)


def _follow(call: Call, interaction: Interaction) -> None:
    """A call about a ticket closed long ago stands on the ticket that was opened to follow it."""
    if interaction.ticket_id != call.ticket_id:
        call.ticket = interaction.ticket
        call.save(update_fields=["ticket"])


def _open_ticket(call: Call, *, by: User, type_code: str) -> Ticket:
    call.ticket = open_ticket(
        by=by,
        subject=subject_of(call),
        is_subject_internal=True,
        type=TicketType.objects.get(code=type_code or USUAL_TYPE),
        queue=call.queue or default_queue(),
        account=call.account,
        contact=call.contact,
        channel=Ticket.Channel.CALL,
        assignee=by,
        contacted_at=call.queued_at or call.started_at,
    )
    call.save(update_fields=["ticket"])
    return call.ticket


def subject_of(call: Call) -> str:
    """A ticket's subject: the first line of the note, else who called."""
    first_line = call.note.strip().partition("\n")[0].strip()
    if first_line:
        return first_line if len(first_line) <= SUBJECT_LENGTH else first_line[: SUBJECT_LENGTH - 1] + "…"
    caller = call.contact or call.account
    name = str(caller) if caller else phone_numbers.pretty(call.customer_number) or _("withheld number")
    return _("Call from %(name)s") % {"name": name}


def _log_call(call: Call, leg: CallLeg, *, by: User) -> Interaction:
    return log_interaction(
        ticket=call.ticket,
        account=call.account,
        contact=call.contact,
        channel=Interaction.Channel.CALL,
        direction=call.direction,
        body=call.note,
        is_public=False,
        by=by,
        occurred_at=call.queued_at or call.started_at,
        answered_at=leg.joined_at or call.answered_at,
        talk_seconds=leg.talk_seconds,
        answered=call.answered_at is not None,
        reference=f"call:{call.public_id}",
        detail={"sound": sounds_of(call)} if call.recordings.exists() else {},
    )


def show_recording(call: Call) -> None:
    """Let the history of ticket and customer know that something of this call can be heard."""
    attach_sound(f"call:{call.public_id}", sounds_of(call))


def _log_late_note(call: Call, *, by: User) -> None:
    """The wrap-up had run out and was finished later: what was written since stands as a note."""
    if call.note.strip():
        log_interaction(
            ticket=call.ticket,
            account=call.account,
            contact=call.contact,
            channel=Interaction.Channel.NOTE,
            direction=Interaction.Direction.INTERNAL,
            body=call.note,
            is_public=False,
            by=by,
            reference=f"note:{call.public_id}",
        )
