"""Macros: what a canned reply does to the ticket beside its text, by the hand of whoever sends it."""

from crmcore.clock import now
from crmcore.models import User
from crmcore.queries.rights import require_reach
from tickets.actions.changing import changing
from tickets.actions.steps import Doing, rights_for, take
from tickets.models import CannedReply, Ticket


def follow_macro(ticket: Ticket, macro: CannedReply, *, by: User) -> Ticket:
    """Do the steps of a macro, all or none.

    Raises PermissionDenied where one needs a right that is missing, BadStep, WrongMove.
    """
    for action in rights_for(macro.steps):
        require_reach(by, action, ticket)
    with changing(ticket, by=by) as ticket:
        take(ticket, macro.steps, Doing(by, now(), me=by))
    return ticket
