"""Approvals of a ticket that is locked already: asked for, and no longer valid once what they are about changes."""

from datetime import datetime

from crmcore.actions import approvals
from crmcore.models import ApprovalPlan, ApprovalRequest, User
from tickets.models import Ticket, TicketApproval

State = ApprovalRequest.State


def ask_for(ticket: Ticket, plan: ApprovalPlan, *, by: User | None, at: datetime, reason: str = "") -> ApprovalRequest:
    """Ask; what is asked already stays as it is. Raises crmcore.actions.approvals.Refused."""
    return approvals.ask(plan, ticket, by=by, at=at, reason=reason)


def outdate_approvals(ticket: Ticket, at: datetime) -> None:
    """After a change: requests and approvals by facts that are others now count no longer."""
    states = (*ApprovalRequest.LIVE, State.APPROVED)
    rows = list(TicketApproval.objects.filter(ticket=ticket, state__in=states).order_by("pk"))
    approvals.outdate(ticket, rows, by=None, at=at)


def drop_approvals(ticket: Ticket, *, by: User | None, at: datetime) -> None:
    """The ticket has ended: nobody need decide any more."""
    rows = list(TicketApproval.objects.filter(ticket=ticket, state__in=ApprovalRequest.LIVE).order_by("pk"))
    approvals.drop(ticket, rows, by=by, at=at)
