"""Photos and signatures of visits."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage

from crmcore.models import User
from tickets.models import DispatchFile, DispatchOrder


def visit_file(public_id: UUID, user: User | AnonymousUser) -> DispatchFile | None:
    """The file if `user` may see its order."""
    orders = DispatchOrder.objects.visible_to(user).values("pk")
    return DispatchFile.objects.filter(public_id=public_id, order__in=orders).first()


def bytes_of(file: DispatchFile) -> bytes:
    """What was uploaded."""
    with default_storage.open(file.file, "rb") as stored:
        return bytes(stored.read())
