"""How a queue gives out its tickets, and whose turn it is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models import Queue


class TicketRouting(models.Model):
    """A queue that gives out its tickets by itself; one without a row leaves that to people.

    `only_ready`: to nobody who is away or not signed in.
    """

    class Order(models.TextChoices):
        IN_TURN = "in_turn", _("In turn")
        MOST_ROOM = "most_room", _("Whoever has the most room")

    queue = models.OneToOneField(Queue, on_delete=models.CASCADE, related_name="ticket_routing")
    order = models.CharField(max_length=10, choices=Order, default=Order.IN_TURN)
    only_ready = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(order__in=("in_turn", "most_room")), name="routing_order_known"),
        ]

    def __str__(self) -> str:
        return f"{self.queue}: {self.order}"


class RoutingTurn(models.Model):
    """When a person was last given a ticket of a queue by the desk."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "user"], name="one_routing_turn")]

    def __str__(self) -> str:
        return f"{self.user} in {self.queue}"
