"""What exchanges reported, word for word, and who sits at which of their extensions."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from telephony.models.lines import CtiToken


class Verdict(models.TextChoices):
    """What became of a report."""

    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted")
    DUPLICATE = "duplicate", _("Told before")
    UNKNOWN_AGENT = "unknown_agent", _("Unknown agent")
    UNKNOWN_CALL = "unknown_call", _("Call not known")
    BAD_FIELD = "bad_field", _("Bad field")
    FAULT = "fault", _("Fault at the desk")


class ExchangeReport(models.Model):
    """One request of an exchange as it came, kept for a few days so that its settings can be found out."""

    exchange = models.ForeignKey(CtiToken, on_delete=models.CASCADE, related_name="reports")
    received_at = models.DateTimeField()
    content_type = models.CharField(max_length=80, blank=True)
    body = models.TextField(blank=True)
    kind = models.CharField(max_length=40, blank=True)
    call_name = models.CharField(max_length=250, blank=True)
    verdict = models.CharField(max_length=14, choices=Verdict, default=Verdict.RECEIVED)
    detail = models.CharField(max_length=300, blank=True)
    is_replay = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["exchange", "-id"], name="report_of_exchange")]

    def __str__(self) -> str:
        return f"{self.kind} {self.call_name} ({self.verdict})"


class Extension(models.Model):
    """The desk telephone of an agent at an exchange."""

    exchange = models.ForeignKey(CtiToken, on_delete=models.CASCADE, related_name="extensions")
    number = models.CharField(_("extension"), max_length=20)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["exchange", "number"], name="one_agent_per_extension")]

    def __str__(self) -> str:
        return f"{self.number}: {self.agent}"
