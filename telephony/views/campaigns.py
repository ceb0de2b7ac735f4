"""An agent's part in campaigns: join, call who stands before him, or not."""

from django.http import HttpRequest, HttpResponse

from crmcore.models import User
from telephony.actions.campaign_seats import join_campaign, leave_campaign
from telephony.actions.campaign_targets import dial_target, skip_target
from telephony.campaign_rules import SkipReason
from telephony.dial_rules import DialRefused
from telephony.views.doors import done, problem, staff_command
from telephony.views.offers import joining


@staff_command
def join(request: HttpRequest, user: User, campaign_id: int) -> HttpResponse:
    """Work for this campaign."""
    join_campaign(campaign_id, by=user)
    return done()


@staff_command
def leave(request: HttpRequest, user: User) -> HttpResponse:
    """Work for no campaign any more."""
    leave_campaign(user)
    return done()


@staff_command
def dial(request: HttpRequest, user: User, target_id: int) -> HttpResponse:
    """Call the customer whom the agent has before him; 422 says why that may not be."""
    try:
        call, ticket = dial_target(target_id, by=user)
    except DialRefused as refused:
        return problem(422, str(refused.refusal.label), reason=refused.refusal.value)
    return joining(call, ticket)


@staff_command
def skip(request: HttpRequest, user: User, target_id: int) -> HttpResponse:
    """Do not call this customer, for a `reason`."""
    reason = request.POST.get("reason", "")
    if reason not in SkipReason.values:
        return problem(422, "unknown reason")
    skip_target(target_id, SkipReason(reason), by=user)
    return done()
