"""Telling those who look at a ticket who else does."""

from collections.abc import Iterable

from crmcore import live
from tickets import viewers
from tickets.events import ViewersChanged
from tickets.viewers import Doing


def look(ticket_id: int, *, tab: str, user_id: int, doing: str = Doing.VIEWING) -> None:
    """A tab shows the ticket, and its person views it, writes, or is away."""
    if viewers.note(ticket_id, tab, user_id, Doing(doing)):
        _tell(ticket_id)


def look_away(ticket_id: int, *, tab: str) -> None:
    """A tab went to another page or was closed."""
    if viewers.forget(ticket_id, tab):
        _tell(ticket_id)


def still_looking(tabs: Iterable[tuple[int, str, int, str]]) -> None:
    """These tabs (ticket, tab, user, doing) are still there; those that nobody has heard of lately are not."""
    for ticket_id, tab, user_id, doing in tabs:
        is_news = viewers.note(ticket_id, tab, user_id, doing)
        if viewers.sweep(ticket_id) or is_news:
            _tell(ticket_id)


def _tell(ticket_id: int) -> None:
    live.publish(f"viewers:{ticket_id}", ViewersChanged(ticket_id=ticket_id))
