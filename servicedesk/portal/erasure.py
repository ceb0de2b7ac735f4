"""The wish of a customer to have their data deleted: a request like any other, for the people in charge of it."""

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.models import Contact, Queue, User
from servicedesk.portal import intake
from servicedesk.portal.frame import contact_of
from tickets.actions.lifecycle import open_ticket
from tickets.actions.tagging import change_tags
from tickets.models import Ticket
from tickets.queries.wording import type_called

# The queue of this code takes them where there is one, and this tag finds them everywhere.
QUEUE, TAG = "privacy", "data-deletion"


@transaction.atomic
def ask_for_erasure(user: User) -> Ticket:
    """The open request, or a new one."""
    contact = contact_of(user)
    # Two presses at once come one after the other.
    Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    known = Ticket.objects.filter(contact=contact, is_active=True, tags__name=TAG).first()
    if known is not None:
        return known
    kind = type_called("request")
    queue = Queue.objects.filter(code=QUEUE, is_active=True).first() or intake.queue_for(kind, user.language)
    if queue is None:
        raise RuntimeError("a desk without an active queue cannot take requests")
    ticket = open_ticket(
        by=user,
        subject=_("Please delete my data"),
        type=kind,
        queue=queue,
        account=intake.account_of(user),
        contact=contact,
        channel=Ticket.Channel.PORTAL,
        body=_("I want everything that you keep about me to be deleted. I proved who I am by a code."),
    )
    change_tags(ticket, by=user, add=[TAG])
    return ticket
