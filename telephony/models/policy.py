"""What this desk has decided about calls in general."""

from django.db import models


class SupervisionPolicy(models.Model):
    """One row at most; without it the defaults hold. Who joins in aloud is shown whatever it says."""

    agents_are_told = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_supervision_policy")]

    def __str__(self) -> str:
        return "supervision policy"

    @classmethod
    def current(cls) -> "SupervisionPolicy":
        """The policy in force."""
        return cls.objects.first() or cls(pk=1)


class RetentionPolicy(models.Model):
    """How many days sound is kept where a queue does not say, empty for ever. One row at most."""

    recording_days = models.PositiveIntegerField(null=True, blank=True)
    voicemail_days = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_retention_policy"),
            models.CheckConstraint(
                condition=~models.Q(recording_days=0) & ~models.Q(voicemail_days=0), name="sound_is_kept_a_day"
            ),
        ]

    def __str__(self) -> str:
        return "retention policy"

    @classmethod
    def current(cls) -> "RetentionPolicy":
        """The policy in force."""
        return cls.objects.first() or cls(pk=1)
