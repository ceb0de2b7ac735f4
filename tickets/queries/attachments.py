"""Files of tickets: those that wait in a composer, and the one that an address names."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from crmcore.models import User
from tickets.models import Attachment, Ticket


def waiting_files(ticket: Ticket, by: User) -> QuerySet[Attachment]:
    """What `by` has uploaded for this ticket and not yet sent."""
    return Attachment.objects.filter(ticket=ticket, by=by, interaction=None)


def file_for(public_id: UUID, user: User | AnonymousUser) -> Attachment | None:
    """The file if `user` may have it; programs are handed to nobody."""
    return Attachment.objects.visible_to(user).filter(public_id=public_id, is_program=False).first()
