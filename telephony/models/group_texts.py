"""Group messages: one text to the people of a segment, with the way out in it and nobody disturbed at night."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.calling_window import Window
from crmcore.models import Account, Queue, Region
from crmcore.queries.segments import Segment
from crmcore.scoping import ScopedManager, ScopePaths
from telephony.models.lines import PhoneLine

EVERY_DAY = frozenset(range(7))


class GroupText(models.Model):
    """Written under `queue`, whose tickets the answers become. It goes out from `opens` to `closes`, read where the
    recipient is. `kind` to `everybody` are the filters of the segment, asked when it starts.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("group message", "Draft")
        SENDING = "sending", pgettext_lazy("group message", "Being sent")
        PAUSED = "paused", pgettext_lazy("group message", "Paused")
        DONE = "done", pgettext_lazy("group message", "Sent")
        CANCELLED = "cancelled", pgettext_lazy("group message", "Cancelled")

    SCOPE: ClassVar[ScopePaths] = {"noun": "campaign", "owner": "created_by", "team": "queue__team"}

    name = models.CharField(_("name"), max_length=120)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="group_texts")
    line = models.ForeignKey(PhoneLine, on_delete=models.PROTECT, related_name="group_texts")
    body = models.TextField(_("text"))
    way_out = models.CharField(max_length=120)
    opens = models.TimeField(default=time(9))
    closes = models.TimeField(default=time(20))
    kind = models.CharField(max_length=12, blank=True, choices=Account.Kind)
    grades = ArrayField(models.CharField(max_length=1), default=list, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    language = models.CharField(max_length=10, blank=True)
    everybody = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="group_texts")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="group_text_opens_before_it_closes"),
            models.CheckConstraint(condition=~Q(way_out=""), name="group_text_has_a_way_out"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def text(self) -> str:
        """What every recipient reads."""
        return f"{self.body}\n{self.way_out}"

    @property
    def segment(self) -> Segment:
        """Whom it is for."""
        return Segment(self.kind, tuple(self.grades), self.region, self.owner, self.language, self.everybody)

    @property
    def window(self) -> Window:
        """When it may arrive."""
        return Window(EVERY_DAY, self.opens, self.closes)
