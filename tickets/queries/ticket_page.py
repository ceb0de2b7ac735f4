"""What the parts of a ticket's page show; the console shows the same parts."""

from dataclasses import dataclass

from crmcore.models import AccountContact, Opportunity, Queue, User
from crmcore.permissions import may
from tickets.models import Attachment, Category, Draft, Priority, SlaClock, Ticket, TicketStatus, Visit
from tickets.queries.attachments import waiting_files
from tickets.queries.dispatch import TicketVisits, visits_for
from tickets.queries.explanations import ShownClock, shown_clocks
from tickets.queries.fields import ShownField, shown_fields
from tickets.queries.gratitude import only_thanks_unanswered
from tickets.queries.linked import Links, links_of
from tickets.queries.mail_outlets import MailFields, fields_of
from tickets.queries.merged import Merged, merged, survivor_of, who_else_reads
from tickets.queries.next_news import next_news
from tickets.queries.products import TicketProduct, product_of
from tickets.queries.readings import Reading
from tickets.queries.stages import StageBar, stage_bar
from tickets.queries.visits import return_visits_of
from tickets.queries.work_side import Work, work_on
from tickets.queries.worklists import open_tickets_of

MODES = ("note", "reply", "email", "sms", "whatsapp", "wechat")
LINKED = 5


@dataclass(frozen=True)
class Header:
    """Subject, clocks, and the choices of the menus; no choices without the right to change.

    `only_thanks`: a reply is owed to words that merely say thank you.
    """

    ticket: Ticket
    clocks: list[ShownClock]
    statuses: list[TicketStatus]
    people: list[User]
    queues: list[Queue]
    priorities: list[Priority]
    merged: Merged
    stages: StageBar | None
    only_thanks: bool = False
    is_stale: bool = False

    @property
    def rest(self) -> int:
        """How many clocks do not stand in the head itself."""
        return max(0, len(self.clocks) - 3)


@dataclass(frozen=True)
class Composer:
    """The field for a note or a reply, with the reader's draft and the last seq they saw.

    `mode` may be one of the channels that this package does not know how to send by; `also` are other customers who
    read what is replied; `error` says why nothing went.
    """

    ticket: Ticket
    mode: str
    body: str
    seen_seq: int
    may_reply: bool
    mail: MailFields | None = None
    files: tuple[Attachment, ...] = ()
    also: tuple[str, ...] = ()
    news: str = ""
    error: str = ""

    @property
    def draft_key(self) -> str:
        return draft_key(self.ticket)


@dataclass(frozen=True)
class Side:
    """The customer, what else is open for them, the clock whose moment they are told, and the desk's own fields."""

    ticket: Ticket
    membership: AccountContact | None
    others: list[Ticket]
    opportunities: list[Opportunity]
    news: SlaClock | None
    is_late: bool
    links: Links
    work: Work
    fields: list[ShownField]
    may_fill: bool
    product: TicketProduct
    visits: TicketVisits
    return_visits: list[Visit]


def header(reading: Reading, *, is_stale: bool = False) -> Header:
    ticket, may_edit = reading.ticket, reading.may_edit
    clocks = shown_clocks(ticket, reading.now)
    return Header(
        ticket,
        clocks,
        _next_statuses(ticket) if may_edit else [],
        _others_to_have_it(reading) if reading.may_assign else [],
        list(Queue.objects.filter(is_active=True).exclude(pk=ticket.queue_id)) if reading.may_assign else [],
        list(Priority) if may_edit else [],
        _merged(reading),
        stage_bar(ticket, reading.user, reading.now) if "stages" in reading.has else None,
        may_edit and any(shown.may_be_waived for shown in clocks) and only_thanks_unanswered(ticket),
        is_stale,
    )


def composer(reading: Reading) -> Composer:
    """The field with the reader's draft in the mode in which it was typed, else ready to reply as the ticket came."""
    ticket, user = reading.ticket, reading.user
    draft = Draft.objects.filter(user=user, key=draft_key(ticket)).first()
    mode = draft.mode if draft else ticket.channel
    mail = fields_of(ticket)
    mode = mode if mode in MODES and (mail or mode != "email") else "reply"
    body, may_reply = draft.body if draft else "", reading.may_edit and survivor_of(ticket) == ticket
    also = tuple(who_else_reads(ticket)) if "merges" in reading.has else ()
    return Composer(ticket, mode, body, ticket.seq, may_reply, mail, tuple(waiting_files(ticket, user)), also)


def draft_key(ticket: Ticket) -> str:
    """Where a person's unsent text for a ticket is kept."""
    return f"ticket:{ticket.pk}"


def side(reading: Reading) -> Side:
    ticket, user = reading.ticket, reading.user
    membership = None
    if ticket.contact_id and ticket.account_id:
        pairs = AccountContact.objects.filter(contact=ticket.contact_id, account=ticket.account_id)
        membership = pairs.first()
    news = next_news(ticket)
    is_late = bool(news and news.due_at and news.due_at < reading.now)
    fields = shown_fields(ticket)
    return Side(
        ticket,
        membership,
        _others(ticket, user),
        _opportunities(ticket, user) if "opportunities" in reading.has else [],
        news,
        is_late,
        links_of(ticket, user) if "links" in reading.has else Links([], 0, 0),
        work_on(reading),
        fields,
        bool(fields) and reading.may_edit,
        product_of(ticket, user, may_edit=reading.may_edit),
        visits_for(reading),
        return_visits_of(ticket) if "return visits" in reading.has else [],
    )


def _merged(reading: Reading) -> Merged:
    """Where the ticket went, or what went into it."""
    if "merges" not in reading.has and reading.ticket.status.category != Category.VOID:
        return Merged(None, [], may_undo=False)
    return merged(reading.ticket, reading.user, reading.now)


def _others(ticket: Ticket, user: User) -> list[Ticket]:
    customer = ticket.account or ticket.contact
    if customer is None:
        return []
    return list(open_tickets_of(customer, user=user).exclude(pk=ticket.pk)[:LINKED])


def _opportunities(ticket: Ticket, user: User) -> list[Opportunity]:
    if not may(user, "opportunity", "view"):
        return []
    rows = Opportunity.objects.visible_to(user).filter(tickets=ticket)
    return list(rows.select_related("stage").order_by("-created_at")[:LINKED])


def _next_statuses(ticket: Ticket) -> list[TicketStatus]:
    rows = TicketStatus.objects.exclude(pk=ticket.status_id).exclude(category=Category.NEW).filter(is_retired=False)
    return list(rows.filter(category=Category.VOID) if ticket.status.category == Category.CLOSED else rows)


def _others_to_have_it(reading: Reading) -> list[User]:
    """Whom the ticket may be given to, the reader first."""
    people = (reading.user, *reading.colleagues)
    return [person for person in people if person.pk != reading.ticket.assignee_id]
