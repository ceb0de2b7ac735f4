"""How serious a prospect is, and how soon and how often that asks for a contact."""

from django.core.validators import MinValueValidator
from django.db import models

from crmcore.models.naming import ListEntry


class IntentionGrade(ListEntry):
    """A grade with its rules: hours until the first contact, days until the next one."""

    code = models.SlugField(max_length=60, unique=True)
    first_within_hours = models.PositiveSmallIntegerField(default=24, validators=[MinValueValidator(1)])
    again_within_days = models.PositiveSmallIntegerField(default=7, validators=[MinValueValidator(1)])

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_within_hours__gte=1, again_within_days__gte=1), name="grade_rules_look_ahead"
            )
        ]
