"""How many tickets one person may have in hand before taking another."""

from django.db import models
from django.db.models import Q

from crmcore.models import Role

USUAL = 5


class TicketCapacity(models.Model):
    """The limit of a role, or of the desk where `role` is empty. Who has several roles has the highest of them."""

    role = models.OneToOneField(Role, on_delete=models.CASCADE, null=True, blank=True, related_name="ticket_capacity")
    at_once = models.PositiveSmallIntegerField(default=USUAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role"], condition=Q(role=None), nulls_distinct=False, name="one_capacity"),
            models.CheckConstraint(condition=Q(at_once__gte=1), name="capacity_allows_one"),
        ]

    def __str__(self) -> str:
        return f"{self.at_once} tickets"
