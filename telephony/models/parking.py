"""Parked calls: callers who hear music until somebody picks them up, and what the desk has decided about them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from telephony.models.call import Call


class ParkedCall(models.Model):
    """One stay of a call. At `returns_at` it rings at whoever parked it, or at anybody of its queue."""

    class Left(models.TextChoices):
        PICKED_UP = "picked_up", pgettext_lazy("parked call", "Picked up")
        RETURNED = "returned", pgettext_lazy("parked call", "Not picked up in time")
        HUNG_UP = "hung_up", pgettext_lazy("parked call", "Caller hung up")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="parkings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    parked_at = models.DateTimeField()
    returns_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    left_as = models.CharField(max_length=10, choices=Left, blank=True)
    picked_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["parked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call"], condition=Q(left_at=None), name="one_open_parking_per_call"),
            models.CheckConstraint(
                condition=Q(left_at=None, left_as="") | Q(left_at__gte=F("parked_at")) & ~Q(left_as=""),
                name="parking_left_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.call_id} parked by {self.by_id}"


class ParkingPolicy(models.Model):
    """One row at most; without it the defaults hold. `returns_after_s`: so long a parked call may wait."""

    returns_after_s = models.PositiveSmallIntegerField(_("returns after (seconds)"), default=120)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_parking_policy")]

    def __str__(self) -> str:
        return "parking policy"

    @classmethod
    def current(cls) -> "ParkingPolicy":
        """The policy in force."""
        return cls.objects.first() or cls(pk=1)
