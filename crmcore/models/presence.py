"""An agent's presence on three axes, never merged: what was chosen, what the work demands, what the device can."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Chosen(models.TextChoices):
    OFFLINE = "offline", _("Offline")
    AVAILABLE = "available", _("Ready")
    AUX = "aux", _("Away")


class SystemState(models.TextChoices):
    IDLE = "idle", _("Idle")
    RESERVED = "reserved", _("Ringing")
    CONNECTING = "connecting", _("Connecting")
    ON_CONTACT = "on_contact", _("Talking")
    WRAPUP = "wrapup", _("Wrap-up")
    NOT_RESPONDING = "not_responding", _("Not responding")


class PhoneFault(models.TextChoices):
    """Why an agent's computer cannot take a call."""

    MICROPHONE = "microphone", _("The browser refuses the microphone")
    UNREGISTERED = "unregistered", _("The phone cannot sign in at the carrier")


class AgentPresence(models.Model):
    """The present state of one agent. Every state that must end has a `deadline`.

    `changed_by`: somebody else chose the present state or the next one. With a `phone_fault` no calls are sent.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presence")
    chosen = models.CharField(max_length=10, choices=Chosen, default=Chosen.OFFLINE)
    aux_code = models.CharField(max_length=30, blank=True)
    next_chosen = models.CharField(max_length=10, choices=Chosen, blank=True)
    next_aux_code = models.CharField(max_length=30, blank=True)
    system = models.CharField(max_length=14, choices=SystemState, default=SystemState.IDLE)
    system_reason = models.CharField(max_length=30, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    device_ok = models.BooleanField(default=False)
    phone_fault = models.CharField(max_length=12, choices=PhoneFault, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    idle_since = models.DateTimeField(null=True, blank=True)
    state_since = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(null=True, blank=True)
    missed_in_row = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["idle_since"],
                condition=models.Q(chosen="available", system="idle", device_ok=True),
                name="presence_routable",
            ),
            models.Index(
                fields=["deadline"],
                condition=models.Q(deadline__isnull=False),
                name="presence_deadline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.chosen}/{self.system}"


class AgentSegment(models.Model):
    """A slice of an agent's time; slices follow each other without gap or overlap."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="segments")
    chosen = models.CharField(max_length=10, choices=Chosen)
    system = models.CharField(max_length=14, choices=SystemState)
    aux_code = models.CharField(max_length=30, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-started_at"], name="segment_by_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(ended_at=None),
                name="one_open_segment",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="segment_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.chosen}/{self.system} {self.started_at:%H:%M:%S}"
