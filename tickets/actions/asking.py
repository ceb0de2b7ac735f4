"""Asking for an approval from a ticket's page."""

from crmcore.actions.approvals import Refused
from crmcore.clock import now
from crmcore.models import ApprovalPlan, ApprovalRequest, User
from tickets.actions.approvals import ask_for
from tickets.actions.changing import changing
from tickets.actions.moves import WrongMove
from tickets.models import Ticket


def ask_for_approval(ticket: Ticket, plan: ApprovalPlan, *, by: User, reason: str = "") -> ApprovalRequest:
    """Ask by a plan; twice is once. Raises WrongMove where it cannot be asked."""
    with changing(ticket) as ticket:
        try:
            return ask_for(ticket, plan, by=by, at=now(), reason=reason)
        except Refused as refusal:
            raise WrongMove(str(refusal)) from refusal
