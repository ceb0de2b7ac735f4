"""One step of a ticket through its stages, from the buttons in its head."""

from crmcore.models import User
from crmcore.views.requests import StaffRequest
from tickets.actions.stages import take_step
from tickets.models import Ticket
from tickets.stage_flow import Act
from tickets.views.changes import change_form


@change_form("edit")
def step(request: StaffRequest, ticket: Ticket, user: User, seen: int | None) -> None:
    """`step` is the act and where it leads, as in work:handling; `visit` the stay that the reader saw."""
    act, _, to = request.POST.get("step", "").partition(":")
    visit = request.POST.get("visit", "")
    if act in Act.values:
        reason = request.POST.get("reason", "")[:300]
        take_step(ticket, act, to, visit=int(visit) if visit.isdecimal() else 0, by=user, reason=reason)
