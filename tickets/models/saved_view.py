"""Saved views: lists of tickets that a person, a team or the whole desk keeps at hand."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models import Named, Team


class SavedView(Named):
    """What it holds (`conditions`, see `queries.conditions`), in which order and with which columns.

    It belongs to a person or to a team with all teams below; where both are empty, to everybody.
    """

    class Sort(models.TextChoices):
        DUE = "due", _("First due first")
        LATEST = "latest", _("Last event first")
        QUIET = "quiet", _("Longest silent first")
        NEWEST = "newest", _("Newest first")
        OLDEST = "oldest", _("Oldest first")
        SOLVED = "solved", _("Last solved first")

    code = models.SlugField(null=True, blank=True, unique=True)
    icon = models.CharField(max_length=40, default="icon:filter")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="ticket_views"
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="ticket_views")
    conditions = models.JSONField(default=dict)
    columns = ArrayField(models.CharField(max_length=60))
    sort = models.CharField(max_length=8, choices=Sort, default=Sort.DUE)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(owner=None) | models.Q(team=None), name="view_belongs_to_one_or_to_all"
            ),
        ]

    @property
    def key(self) -> str:
        """How addresses name it: shipped views by their code, others by number."""
        return self.code or str(self.pk)

    @property
    def is_shared(self) -> bool:
        return self.owner_id is None and self.team_id is None
