"""Everything that the desk knows of one customer and may hand to them, as plain data."""

from collections.abc import Iterator
from typing import Any

from crmcore.actions.news_choices import choice_of
from crmcore.models import User
from servicedesk.portal.frame import contact_of
from servicedesk.portal.requests import conversation
from tickets.models import Ticket


def own_data(user: User) -> dict[str, Any]:
    """Person, ways to reach them, companies, choices, and their own requests with what was said."""
    contact, choice = contact_of(user), choice_of(user)
    return {
        "person": {
            "name": user.name,
            "user_name": user.username,
            "email": user.email,
            "language": user.language,
            "time_zone": user.time_zone,
            "member_since": user.date_joined,
        },
        "contact": {
            "name": contact.name,
            "title": contact.title,
            "born_on": contact.born_on,
            "known_since": contact.created_at,
        },
        "ways_to_reach_you": [
            {"kind": point.kind, "value": point.raw, "confirmed_at": point.verified_at}
            for point in contact.points.order_by("kind", "pk")
        ],
        "companies": list(contact.memberships.order_by("pk").values("account__code", "account__name")),
        "news": {"no_mail": choice.no_mail, "not_on_the_page": choice.no_page},
        "consents": [
            {"to": one.kind, "given": one.is_given, "words": one.words, "at": one.at, "said": one.source}
            for one in contact.consents.order_by("pk")
        ],
        "requests": list(_requests(user)),
    }


def _requests(user: User) -> Iterator[dict[str, Any]]:
    """Those that the person asked themselves; a colleague's words are the colleague's."""
    rows = Ticket.objects.visible_to(user).filter(contact=user.contact_id).select_related("type", "status")
    for ticket in rows.defer("search").order_by("opened_at", "pk").iterator(chunk_size=100):
        yield {
            "number": ticket.number,
            "subject": None if ticket.is_subject_internal else ticket.subject,
            "kind": ticket.type.label,
            "state": ticket.status.portal_label,
            "opened_at": ticket.opened_at,
            "solved_at": ticket.solved_at,
            "rating": ticket.rating,
            "rating_comment": ticket.rating_comment,
            "conversation": [
                {"at": one.at, "kind": one.kind, "author": one.author, "own": one.is_own, "text": one.body}
                for one in conversation(ticket, user)
            ],
        }
