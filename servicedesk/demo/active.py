"""Whether the demo is loaded, and whether its people may come in."""

from django.conf import settings

from crmcore.models import Queue, User


def is_active() -> bool:
    """Demo rows stand in the database; one indexed look at a handful of queues."""
    return Queue.objects.filter(is_demo=True).exists()


def is_open() -> bool:
    """This desk is run as a demo, so the sign-ins that everybody knows may be used."""
    return bool(settings.DEBUG or settings.DEMO)


def may_enter(user: User) -> bool:
    """Everybody may, except people of the demo on a desk that is not run as one: their password is no secret."""
    return is_open() or not user.is_demo
