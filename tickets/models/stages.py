"""Stage flows of a type in published versions that never change, and the visits of tickets to their stages."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models import Team
from tickets.models.ticket import Ticket
from tickets.models.wording import TicketType
from tickets.stage_flow import Flow, read_flow


class StageFlow(models.Model):
    """The flow of one type; while it is at rest, new tickets of the type have no stages."""

    type = models.OneToOneField(TicketType, on_delete=models.CASCADE, related_name="stage_flow")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.type)

    @property
    def in_use(self) -> "StageFlowVersion | None":
        """The newest published version."""
        return self.versions.filter(published_at__isnull=False).order_by("-number").first()

    @property
    def draft(self) -> "StageFlowVersion | None":
        return self.versions.filter(published_at=None).first()


class StageFlowVersion(models.Model):
    """A document of `tickets.stage_flow`; without `published_at` it is the draft, `revision` counts its changes."""

    flow = models.ForeignKey(StageFlow, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["flow", "number"], name="one_stage_flow_version"),
            models.UniqueConstraint(
                fields=["flow"], condition=models.Q(published_at=None), name="one_draft_per_stage_flow"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow} v{self.number}"

    def read(self) -> Flow:
        return read_flow(self.document)


class StageVisit(models.Model):
    """A ticket's stay at a stage, in the version that it began with; `team` and `tier` work it now."""

    class How(models.TextChoices):
        WORK = "work", _("Done")
        BACK = "back", _("Sent back")
        SKIP = "skip", _("Skipped")
        REOPENED = "reopened", _("Reopened")
        DROPPED = "dropped", _("Dropped")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="visits")
    version = models.ForeignKey(StageFlowVersion, on_delete=models.PROTECT, related_name="visits")
    stage = models.SlugField(max_length=40)
    tier = models.CharField(max_length=8, choices=Team.Tier, blank=True)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    climbs = models.PositiveSmallIntegerField(default=0)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    how = models.CharField(max_length=8, choices=How, blank=True)
    to = models.SlugField(max_length=40, blank=True)

    class Meta:
        ordering = ["entered_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=models.Q(left_at=None), name="one_open_stage"),
            models.CheckConstraint(
                condition=models.Q(left_at=None) | models.Q(left_at__gte=models.F("entered_at")),
                name="stage_runs_forward",
            ),
        ]
        indexes = [models.Index(fields=["stage", "id"], condition=models.Q(left_at=None), name="stage_open")]

    def __str__(self) -> str:
        return f"{self.ticket}: {self.stage}"
