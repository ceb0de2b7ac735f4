"""The desk's own words: statuses and types by what they mean."""

from tickets.models import TicketStatus, TicketType


def status_in(category: str) -> TicketStatus:
    """The first status in use of a category. Raises DoesNotExist for a desk that deleted them all."""
    return TicketStatus.objects.filter(category=category, is_retired=False).order_by("position", "pk")[:1].get()


def status_called(code: str) -> TicketStatus:
    return TicketStatus.objects.get(code=code)


def type_called(code: str) -> TicketType:
    return TicketType.objects.get(code=code)
