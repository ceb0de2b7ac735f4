"""Running numbers that people read out on the phone."""

from django.db import models


class NumberSequence(models.Model):
    """`prefix` + `next_value`, raised under a row lock so that no number is given twice."""

    key = models.SlugField(unique=True)
    prefix = models.CharField(max_length=12, blank=True)
    next_value = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.prefix}{self.next_value}"
