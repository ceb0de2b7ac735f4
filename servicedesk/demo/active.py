"""Whether the demo is loaded, for the banner and the sign-in page."""

from crmcore.models import Queue


def is_active() -> bool:
    """Demo rows stand in the database; one indexed look at a handful of queues."""
    return Queue.objects.filter(is_demo=True).exists()
