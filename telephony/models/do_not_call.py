"""Numbers that nobody of the desk may call, whether or not a customer of the desk holds them."""

from django.conf import settings
from django.db import models


class DoNotCallNumber(models.Model):
    """A number in E.164 whose holder wants no calls."""

    number = models.CharField(max_length=20, unique=True)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(number__startswith="+"), name="do_not_call_is_a_number")
        ]

    def __str__(self) -> str:
        return self.number
