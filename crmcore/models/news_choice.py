"""What a customer wants to be told of, where, and when not."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class NewsKind(models.TextChoices):
    """What customers are told of; each can be switched off, by mail and on the page."""

    ANSWER = "answer", _("We answered you")
    YOUR_TURN = "your_turn", _("We need your answer")
    SOLVED = "solved", _("We think that it is solved")
    PROGRESS = "progress", _("Somebody else looks after it")


def usual_no_mail() -> list[str]:
    """Who looks after it is told on the page alone unless somebody asks for more."""
    return [NewsKind.PROGRESS.value]


class NewsChoice(models.Model):
    """Kinds that are switched off, in mail and on the page; mail waits during the quiet hours of the person's day."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="news_choice")
    no_mail = ArrayField(models.CharField(max_length=20), default=usual_no_mail, blank=True)
    no_page = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    language = models.CharField(max_length=10, blank=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}"


def out_of_quiet(moment: datetime, since: time | None, until: time | None, zone: ZoneInfo) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies; they may go over midnight."""
    if since is None or until is None or since == until:
        return moment
    local = moment.astimezone(zone)
    at = local.time().replace(tzinfo=None)
    is_quiet = since <= at < until if since < until else at >= since or at < until
    if not is_quiet:
        return moment
    day = local.date() if at < until else local.date() + timedelta(days=1)
    return datetime.combine(day, until, tzinfo=zone)
