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
