"""Working calendars: named, versioned, immutable once published."""

from django.db import models

from crmcore.models.naming import Named


class Calendar(Named):
    code = models.SlugField(unique=True)


class CalendarVersion(models.Model):
    """One published state of a calendar; the shapes of `weekly` and `overrides` are those of `crmcore.working_time`."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    time_zone = models.CharField(max_length=60)
    weekly = models.JSONField(default=dict)
    overrides = models.JSONField(default=list)
    effective_from = models.DateTimeField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="one_calendar_version")]

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}"
