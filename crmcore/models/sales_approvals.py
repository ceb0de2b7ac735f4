"""Approval requests about what is sold."""

from django.db import models

from crmcore.models.approvals import ApprovalRequest
from crmcore.models.quotes import Quote


class QuoteApproval(ApprovalRequest):
    """The quote for which leave is asked."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="approvals")
