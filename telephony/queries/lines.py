"""Which of our numbers was dialled, and the queue behind it."""

from django.conf import settings

from crmcore import phone_numbers
from crmcore.models import Queue
from telephony.models import PhoneLine


def line_for(raw: str) -> PhoneLine | None:
    """The active line with this number, in whatever form the carrier wrote it."""
    number = phone_numbers.normalise(raw, settings.DEFAULT_PHONE_REGION)
    if not number.value:
        return None
    return PhoneLine.objects.select_related("queue").filter(number=number.value, is_active=True).first()


def default_queue() -> Queue:
    """Where calls go that nobody configured a queue for. Raises Queue.DoesNotExist on a desk without any queue."""
    return Queue.objects.filter(is_active=True).order_by("-is_default", "position", "pk")[:1].get()
