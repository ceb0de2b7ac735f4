"""Whether a customer may ask for a visit, and the visit that was asked for."""

from tickets.models import DispatchOrder, FieldTerms, Ticket, TicketType


def may_ask_for_visit(ticket: Ticket) -> bool:
    """While the request goes on, its type lets customers book, and nobody is to come already."""
    books = ticket.type.visit_booking != TicketType.Booking.NO and FieldTerms.current().customers_book
    return ticket.is_active and books and open_order(ticket) is None


def open_order(ticket: Ticket) -> DispatchOrder | None:
    """The visit that is still to be made."""
    return DispatchOrder.objects.filter(ticket=ticket).exclude(state__in=DispatchOrder.OVER).order_by("pk").first()
