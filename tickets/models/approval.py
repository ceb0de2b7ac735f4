"""Approval requests about tickets."""

from django.db import models

from crmcore.models import ApprovalRequest
from tickets.models.ticket import Ticket


class TicketApproval(ApprovalRequest):
    """The ticket for which leave is asked."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="approvals")
