"""Files of tickets: those that wait in a composer, and the one that an address names."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from crmcore.models import User
from crmcore.queries.rights import reaches
from tickets.models import Attachment, Ticket
from tickets.queries.merged import survivor_of


def waiting_files(ticket: Ticket, by: User) -> QuerySet[Attachment]:
    """What `by` has uploaded for this ticket and not yet sent."""
    return Attachment.objects.filter(ticket=ticket, by=by, interaction=None)


def file_for(public_id: UUID, user: User | AnonymousUser) -> Attachment | None:
    """The file if `user` may have it; programs are handed to nobody."""
    rows = Attachment.objects.filter(public_id=public_id, is_program=False)
    found = rows.filter(pk__in=Attachment.objects.visible_to(user).values("pk")).first()
    return found or _of_merged(rows.exclude(interaction=None).select_related("ticket__status").first(), user)


def _of_merged(file: Attachment | None, user: User | AnonymousUser) -> Attachment | None:
    """Staff who read a ticket have the files of what went into it."""
    if file is None or not isinstance(user, User) or user.is_portal:
        return None
    survivor = survivor_of(file.ticket)
    return file if survivor != file.ticket and reaches(user, "view", survivor) else None
