"""The customer's own requests: lists, one with its conversation, and what may be asked of it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, QuerySet
from django.utils.translation import gettext

from crmcore.models import User
from crmcore.text_search import query_terms
from servicedesk.portal.merged_requests import said, unhidden, with_their_standing
from servicedesk.portal.steps import Ball
from servicedesk.portal.wording import Standing, standing
from tickets.models import Attachment, Category, Interaction, Ticket
from tickets.queries.keyset import Order, page_of

PAGE_SIZE = 20
NEWEST = Order("last_event_at")
# A request that shares fewer of its words with the text is about something else.
SAME_MATTER = 0.15
_URGENCY: tuple[Ball, ...] = ("you", "check", "us", "other")


@dataclass(frozen=True)
class Request:
    """A ticket as its customer sees it."""

    ticket: Ticket
    standing: Standing


@dataclass(frozen=True)
class RequestPage:
    """One page of requests; `newer` and `older` are the cursors of its neighbours."""

    requests: list[Request]
    newer: str
    older: str


@dataclass(frozen=True)
class Message:
    """One entry of the conversation. A call has minutes and no words: what was noted of it is the desk's own."""

    kind: str
    at: datetime
    author: str
    author_id: int | None
    is_own: bool
    body: str
    minutes: int
    files: tuple[Attachment, ...] = ()


def requests_of(user: User) -> QuerySet[Ticket]:
    """The tickets this customer may see, newest event first: their own, or their account's if they administer it."""
    shown = unhidden(user).select_related("status", "assignee", "type", "contact", "queue").prefetch_related("clocks")
    return shown.order_by("-last_event_at", "-pk")


def open_requests(user: User, now: datetime, *, limit: int) -> list[Request]:
    """What is not finished: first what waits for the customer, then what waits for a nod."""
    latest = requests_of(user).exclude(status__category=Category.CLOSED)[: limit * 4]
    found = [Request(ticket, standing(ticket, now)) for ticket in with_their_standing(latest)]
    unfinished = [request for request in found if request.standing.ball != "over"]
    return sorted(unfinished, key=lambda request: _URGENCY.index(request.standing.ball))[:limit]


def request_page(rows: QuerySet[Ticket], now: datetime, at: str = "") -> RequestPage:
    """One page of these requests at a cursor, newest event first."""
    found = page_of(rows, NEWEST, at, size=PAGE_SIZE)
    requests = [Request(ticket, standing(ticket, now)) for ticket in with_their_standing(found.rows)]
    return RequestPage(requests, found.before, found.after)


def same_matter(user: User, text: str, now: datetime) -> Request | None:
    """The customer's open request about what they are writing, if there is one."""
    terms = query_terms(text, any_word=True)
    if not terms:
        return None
    query = SearchQuery(terms, config="simple", search_type="raw")
    likely = requests_of(user).filter(is_active=True, search=query)
    rank = SearchRank(F("search"), query)
    ticket = likely.annotate(rank=rank).filter(rank__gte=SAME_MATTER).order_by("-rank").first()
    return Request(ticket, standing(ticket, now)) if ticket else None


def conversation(ticket: Ticket, user: User) -> list[Message]:
    """What customer and desk said to each other, oldest first, with calls and the solution as bare facts."""
    return messages_of(said(ticket, user), user.contact_id)


def messages_of(entries: QuerySet[Interaction], contact_id: int | None) -> list[Message]:
    """These entries as the person with this contact reads them."""
    rows = entries.select_related("by", "contact").prefetch_related("attachments")
    return [_message(entry, contact_id) for entry in rows]


def _kind(entry: Interaction) -> str:
    if entry.channel == Interaction.Channel.SYSTEM:
        return "solved" if entry.event == "status" else entry.event
    return "call" if entry.channel == Interaction.Channel.CALL else "words"


def _message(entry: Interaction, contact_id: int | None) -> Message:
    from_customer = entry.direction == Interaction.Direction.IN and entry.is_public
    author = entry.contact if from_customer else entry.by
    return Message(
        kind=_kind(entry),
        at=entry.occurred_at,
        author=author.name if author else "" if entry.channel in ("call", "system") else gettext("The desk"),
        author_id=author.pk if author else None,
        is_own=from_customer and contact_id is not None and entry.contact_id == contact_id,
        body=entry.body if entry.is_public else "",
        minutes=max(1, round(entry.talk_seconds / 60)),
        files=tuple(file for file in entry.attachments.all() if not file.is_program) if entry.is_public else (),
    )
