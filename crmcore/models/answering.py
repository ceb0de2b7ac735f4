"""What happens to agents who do not take a call that rings."""

from django.db import models


class AnsweringPolicy(models.Model):
    """The desk's one rule. `misses_allowed` in a row make an agent not responding; before that, a pause in seconds.

    `ready_after_s`: so long later he is ready again without being asked; never with 0.
    """

    misses_allowed = models.PositiveSmallIntegerField(default=1)
    pause_after_miss_s = models.PositiveSmallIntegerField(default=5)
    ready_after_s = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_answering_policy"),
            models.CheckConstraint(condition=models.Q(misses_allowed__gte=1), name="answering_allows_a_miss"),
        ]

    def __str__(self) -> str:
        return f"{self.misses_allowed} missed"

    @classmethod
    def current(cls) -> "AnsweringPolicy":
        """The rule that holds; the usual one until somebody sets another."""
        return cls._default_manager.filter(pk=1).first() or cls(pk=1)
