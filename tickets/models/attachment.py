"""Files on tickets: what came by e-mail or portal, and what is sent along with a reply or kept with a note."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models

from crmcore.models import User
from tickets.mail.file_kinds import IMAGES
from tickets.models.interaction import Interaction
from tickets.models.ticket import Ticket


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The files of entries that `user` may see, and those that they have uploaded and not yet sent."""
        seen = Interaction.objects.visible_to(user)
        waiting = models.Q(interaction=None, by=user.pk) if user.is_authenticated else models.Q(pk__in=[])
        return self.filter(models.Q(interaction__in=seen) | waiting)


class AttachmentManager(models.Manager["Attachment"]):
    def get_queryset(self) -> AttachmentQuerySet:
        return AttachmentQuerySet(self.model, using=self._db)

    def visible_to(self, user: User | AnonymousUser) -> AttachmentQuerySet:
        """The files of entries that `user` may see, and those that they have uploaded and not yet sent."""
        return self.get_queryset().visible_to(user)


class Attachment(models.Model):
    """One file. Without an entry it waits in the composer of whoever uploaded it.

    `content_type` is what its bytes say. `content_id`: the text shows it in that place.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="attachments")
    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    file = models.CharField(max_length=120)
    content_id = models.CharField(max_length=200, blank=True)
    is_program = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects: ClassVar[AttachmentManager] = AttachmentManager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Whether a browser may show it as a picture."""
        return self.content_type in IMAGES
