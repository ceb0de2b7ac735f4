"""A request's title and its visits on the portal."""

from django import template
from django.utils.translation import gettext as _

from crmcore.models import User
from servicedesk.templatetags.ui import day
from tickets.models import DispatchOrder, Ticket
from tickets.queries.dispatch import visits_of_customer

register = template.Library()


@register.filter
def request_title(ticket: Ticket) -> str:
    """The subject as its customer may read it: an agent's note of a call stays with the desk."""
    if not ticket.is_subject_internal:
        return ticket.subject
    return _("Your call of %(day)s about %(queue)s") % {"day": day(ticket.opened_at), "queue": ticket.queue.label}


@register.simple_tag
def appointments_of(ticket: Ticket, customer: User | None) -> list[DispatchOrder]:
    """The visits that somebody makes for a request, as far as its signed-in reader may see them."""
    return visits_of_customer(ticket, customer) if customer else []
