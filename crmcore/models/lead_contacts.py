"""What happened to a lead: contacts with it, and how its grade changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models.lead_grades import IntentionGrade
from crmcore.models.leads import Lead


class LeadMethod(models.TextChoices):
    """How somebody spoke with a prospect."""

    VISIT = "visit", _("We visited them")
    RECEIVED = "received", _("They came to us")
    CALL = "call", _("By telephone")
    MESSAGE = "message", _("By message")
    EMAIL = "email", _("By e-mail")


class LeadContact(models.Model):
    """One contact: its summary, the objections, and the plan for the next one."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="contacts")
    method = models.CharField(max_length=10, choices=LeadMethod)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="lead_contacts"
    )
    summary = models.TextField()
    objections = models.TextField(blank=True)
    next_plan = models.CharField(max_length=240, blank=True)
    was_demonstrated = models.BooleanField(default=False)
    grade = models.ForeignKey(IntentionGrade, on_delete=models.PROTECT, related_name="+")
    once = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["lead", "-at", "-id"], name="lead_contact_latest"),
            models.Index(fields=["at"], name="lead_contact_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "once"], condition=~models.Q(once=""), name="lead_contact_written_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lead}: {self.get_method_display()}"


class LeadGradeChange(models.Model):
    """A grade that became another one."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="grade_changes")
    before = models.ForeignKey(IntentionGrade, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(IntentionGrade, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["lead", "-at"], name="lead_grade_latest")]

    def __str__(self) -> str:
        return f"{self.lead}: {self.before} → {self.after}"
