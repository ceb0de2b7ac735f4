"""Which desks a supervisor looks at."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from crmcore.models import Queue, User
from crmcore.permissions import within

LED, ALL = "led", "all"


def queues_for(user: User, desks: str) -> list[Queue]:
    """The queues in reach; `led` narrows them to the teams that the user leads and those below."""
    reach = within(user, "queue", "view", owner="memberships__user", team="team")
    queues = Queue.objects.filter(reach, is_active=True).distinct()
    if desks == LED and (led := _led(user)):
        queues = queues.filter(led)
    return list(queues.order_by("position", "pk"))


def default_desks(user: User) -> str:
    """`led` for somebody who leads teams with queues, `all` for everybody else."""
    led = _led(user)
    return LED if led and Queue.objects.filter(led, is_active=True).exists() else ALL


def midnight(now: datetime) -> datetime:
    """The beginning of the reader's day, by the zone that is active."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _led(user: User) -> Q:
    led = Q()
    for path in user.led_teams.values_list("path", flat=True):
        led |= Q(team__path__startswith=path)
    return led
