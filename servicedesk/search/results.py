"""What the one box finds, all of it under the reader's own rights."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from crmcore.clock import now
from crmcore.models import Account, Contact, User
from crmcore.permissions import may
from crmcore.queries.customers import search_accounts, search_contacts
from knowledgebase.highlighting import marked
from knowledgebase.queries.search import Hit, search_articles
from servicedesk.search.filters import Asked
from tickets.models import Interaction, Ticket
from tickets.queries.conditions import matching
from tickets.queries.keyset import Order, Page, page_of
from tickets.queries.worklists import search, with_rows

PER_PAGE = 20
FEW = 5
# So many of a ticket's latest entries are looked through for the words to show.
LOOKED_THROUGH = 400
AROUND = 90


@dataclass(frozen=True)
class TicketHit:
    """A ticket, and the place in its messages where the words stand."""

    ticket: Ticket
    snippet: str = ""
    said_by: str = ""


@dataclass(frozen=True)
class Results:
    """By kind; cursors lead to the pages of tickets beside this one."""

    tickets: list[TicketHit] = field(default_factory=list)
    before: str = ""
    after: str = ""
    contacts: list[Contact] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    articles: list[Hit] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.tickets or self.contacts or self.accounts or self.articles)


def find(words: str, asked: Asked, user: User, *, at: str = "") -> Results:
    """Nothing asked finds nothing. Filters on tickets leave customers and articles out, unless these are asked for."""
    filtered = bool(asked.conditions or asked.days)
    places = asked.places or ({"tickets"} if filtered else {"tickets", "customers", "articles"})
    if not words and not filtered:
        return Results()
    limit = PER_PAGE if len(places) == 1 else FEW
    customers = bool(words) and "customers" in places and not at
    page: Page[Ticket] = Page([])
    if "tickets" in places:
        page = page_of(_tickets(words, asked, user), Order("last_event_at"), at, size=PER_PAGE)
    return Results(
        _with_snippets(page.rows, words, user),
        page.before,
        page.after,
        search_contacts(words, user=user, limit=limit) if customers and may(user, "contact", "view") else [],
        search_accounts(words, user=user, limit=limit) if customers and may(user, "account", "view") else [],
        search_articles(words, user=user, language=user.language, limit=limit)
        if words and "articles" in places and not at and may(user, "article", "view")
        else [],
    )


def _tickets(words: str, asked: Asked, user: User) -> QuerySet[Ticket]:
    asked_for = matching({"all": asked.conditions}, now=now(), me=user) & asked.days
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(user).filter(asked_for)
    return with_rows(search(rows, words) if words else rows)


def _with_snippets(tickets: list[Ticket], words: str, user: User) -> list[TicketHit]:
    """Two statements at most, however many tickets there are."""
    if not words or not tickets:
        return [TicketHit(ticket) for ticket in tickets]
    entries = Interaction.objects.visible_to(user).filter(ticket__in=[ticket.pk for ticket in tickets]).exclude(body="")
    latest = entries.select_related("by", "contact").order_by("-occurred_at", "-pk")[:LOOKED_THROUGH]
    found: dict[int, TicketHit] = {}
    by_id = {ticket.pk: ticket for ticket in tickets}
    for entry in latest:
        if entry.ticket_id is None or entry.ticket_id in found:
            continue
        snippet = _snippet(entry.body, words)
        if snippet:
            person = entry.by or entry.contact
            found[entry.ticket_id] = TicketHit(by_id[entry.ticket_id], snippet, person.name if person else "")
    return [found.get(ticket.pk, TicketHit(ticket)) for ticket in tickets]


def _snippet(body: str, words: str) -> str:
    """The text around the first of the words, empty where none stands in it."""
    place = 0
    for piece, is_hit in marked(body, words):
        if is_hit:
            start, end = max(0, place - AROUND), min(len(body), place + len(piece) + AROUND)
            return ("…" if start else "") + body[start:end].replace("\n", " ") + ("…" if end < len(body) else "")
        place += len(piece)
    return ""
