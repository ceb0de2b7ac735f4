"""What the page of one request shows, to a signed-in customer and to a guest alike."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crmcore import clock
from servicedesk.portal import once
from servicedesk.portal.promised import promised
from servicedesk.portal.requests import Message
from servicedesk.portal.steps import stage_steps
from servicedesk.portal.wording import standing
from tickets.models import Ticket
from tickets.queries.fields import shown_fields
from tickets.queries.visit_requests import may_ask_for_visit


def request_parts(ticket: Ticket, messages: Sequence[Message], doors: Mapping[str, str]) -> dict[str, object]:
    """The parts of the page; `doors` names the addresses behind its forms."""
    now = clock.now()
    stands = standing(ticket, now)
    steps = stage_steps(ticket, stands.ball)
    return {
        "ticket": ticket,
        "standing": replace(stands, steps=steps) if steps else stands,
        "promised": promised(ticket, now),
        "messages_shown": messages,
        "is_merged": is_merged(ticket),
        "own_fields": shown_fields(ticket, for_customer=True),
        "may_reopen": ticket.may_be_reopened(now),
        "may_ask_for_visit": may_ask_for_visit(ticket),
        "once": once.fresh(),
        "doors": doors,
    }


def is_merged(ticket: Ticket) -> bool:
    """Whether it went into another request, perhaps of somebody else."""
    return ticket.merges_away.filter(undone_at=None).exists()
