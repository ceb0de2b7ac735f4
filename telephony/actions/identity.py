"""Whose call it is: decided when it comes in and again when it rings."""

from datetime import datetime, timedelta

from telephony.models import Call
from telephony.queries.caller_match import decide
from telephony.screen_pop import Decision, Rule

# A decision younger than this is still good when the call rings.
FRESH = timedelta(seconds=30)


def identify(call: Call, *, now: datetime) -> Decision:
    """Decide who calls and note it on a locked call."""
    decision = decide(call, now=now)
    note_decision(call, decision, now=now)
    return decision


def note_decision(call: Call, decision: Decision, *, now: datetime) -> None:
    """Write a decision on a locked call."""
    call.pop = {**decision.as_json(), "decided_at": now.isoformat()}
    call.contact_id, call.account_id = decision.contact_id, decision.account_id
    call.ticket_id = decision.ticket_id
    call.save(update_fields=["pop", "contact", "account", "ticket"])


def refresh_identity(call: Call, *, now: datetime) -> None:
    """Decide again just before the call rings: the customer may have been entered while it waited."""
    decided_at = call.pop.get("decided_at")
    stale = not decided_at or datetime.fromisoformat(decided_at) < now - FRESH
    if stale and call.pop.get("rule") != Rule.CHOSEN:
        identify(call, now=now)
