"""A request's title on the portal."""

from django import template
from django.utils.translation import gettext as _

from servicedesk.templatetags.ui import day
from tickets.models import Ticket

register = template.Library()


@register.filter
def request_title(ticket: Ticket) -> str:
    """The subject as its customer may read it: an agent's note of a call stays with the desk."""
    if not ticket.is_subject_internal:
        return ticket.subject
    return _("Your call of %(day)s about %(queue)s") % {"day": day(ticket.opened_at), "queue": ticket.queue.label}
