"""Calls that a campaign has made."""

from datetime import datetime
from itertools import count

from crmcore.models import User
from telephony.models import Call, Campaign
from telephony.states import CallOutcome, CallState

_numbers = count(1)


def a_call(campaign: Campaign, agent: User, number: str, at: datetime) -> Call:
    """Placed and over."""
    return Call.objects.create(
        provider="simulated",
        provider_call_id=f"campaign-{next(_numbers)}",
        direction=Call.Direction.OUT,
        state=CallState.ENDED,
        outcome=CallOutcome.COMPLETED,
        queue=campaign.queue,
        agent=agent,
        to_e164=number,
        started_at=at,
        ended_at=at,
        state_since=at,
        last_evidence_at=at,
    )
