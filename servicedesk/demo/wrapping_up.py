"""Finishing the calls of the past: the agent's own action, at the second in which the wrap-up ended."""

from collections.abc import Mapping
from uuid import UUID

from crmcore.models import Outcome
from servicedesk.demo.calls import Keys, PastCall
from servicedesk.demo.clockwork import Story
from telephony.actions.linking import set_call_ticket
from telephony.actions.wrap_up import finish_wrap_up
from tickets.models import Ticket


def wrap_up(
    call: PastCall,
    keys: Mapping[UUID, Keys],
    ticket: Ticket | None,
    outcome: Outcome,
    note: str,
    *,
    type_code: str = "",
) -> Story:
    """The agent chooses ticket and outcome and files the note; answered calls only."""
    key = keys[call.public_id]
    assert call.agent is not None and key.leg is not None
    yield call.wrapped_up_at
    if ticket is not None:
        set_call_ticket(key.call, ticket, by=call.agent)
    finish_wrap_up(key.leg, by=call.agent, outcome=outcome, note=note, type_code=type_code)
