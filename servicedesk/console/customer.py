"""Region E: the customer, in the order in which an agent needs to know."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crmcore import clock, phone_numbers
from crmcore.models import (
    Account,
    AccountContact,
    Contact,
    ContactPoint,
    InstalledProduct,
    Opportunity,
    Queue,
    Stage,
    User,
    Warranty,
)
from crmcore.person_names import pinyin
from crmcore.queries.opportunities import Money
from crmcore.queries.products import products_of
from crmcore.queries.receivables import overdue_of
from crmcore.queries.rights import reaches
from crmcore.templatetags.crm import dated
from crmcore.zones import city_of
from knowledgebase.queries.citations import citation
from knowledgebase.queries.search import Hit
from knowledgebase.queries.suggestions import suggest
from servicedesk.middleware import zone_of
from servicedesk.wording import money
from telephony.models import Callback
from tickets.models import Interaction, Ticket
from tickets.queries.clock_faces import ClockFace, face_of

ALERTS = 3
OPEN_TICKETS = 5
LAST_CONTACTS = 3
POINTS = 12
RELATIONS = 8
SPOKEN = ("call", "email", "portal", "sms", "whatsapp", "wechat", "chat")


@dataclass(frozen=True)
class Alert:
    """One line: the bold cause, then one fact. `look` is breach, hold or info."""

    look: str
    icon: str
    cause: str
    fact: str = ""


@dataclass(frozen=True)
class OpenTicket:
    ticket: Ticket
    face: ClockFace | None


@dataclass(frozen=True)
class Customer:
    """A person, an account, or a person in an account, as this reader may see them."""

    account: Account | None
    contact: Contact | None
    membership: AccountContact | None = None

    @property
    def name(self) -> str:
        return self.contact.name if self.contact else self.account.name if self.account else ""

    @property
    def seed(self) -> object:
        """What the colour of the avatar hangs on."""
        return self.contact.pk if self.contact else self.account.pk if self.account else None

    @property
    def pinyin(self) -> str:
        return pinyin(self.contact.name) if self.contact else ""

    @property
    def kind(self) -> str:
        return "person" if self.contact or self.account is None else self.account.kind

    @property
    def company(self) -> str:
        return self.account.name if self.account and self.contact and self.account.name != self.contact.name else ""

    @property
    def language(self) -> str:
        return (self.contact.language if self.contact else "") or (self.account.language if self.account else "")

    @property
    def zone(self) -> ZoneInfo | None:
        name = (self.contact.time_zone if self.contact else "") or (self.account.time_zone if self.account else "")
        return zone_of(name) if name else None

    @property
    def city(self) -> str:
        """The city whose clock it is, in the reader's language."""
        return city_of(self.zone.key) if self.zone else ""

    def owns(self) -> Q:
        """Rows of tickets, interactions and calls that belong to this customer."""
        if self.account is not None:
            return Q(account=self.account)
        return Q(contact=self.contact)


@dataclass(frozen=True)
class Guess:
    """An article that may be what they call about, and the words that cite it in the customer's language."""

    hit: Hit
    citation: str


@dataclass(frozen=True)
class FirstSight:
    """What must be seen within ten seconds."""

    alerts: list[Alert]
    open_tickets: list[OpenTicket]
    open_count: int
    promises: list[Callback]
    contacts: list[Interaction]
    guesses: list[Guess]
    local_time: str
    is_day: bool = True


@dataclass(frozen=True)
class Further:
    """The long tail, one line each."""

    points: list[ContactPoint]
    opportunities: list[Opportunity]
    pipeline: Money
    relations: list[AccountContact]
    products: list[tuple[InstalledProduct, Warranty]]
    may_add_product: bool
    accounts: list[AccountContact] = field(default_factory=list)


def customer_for(user: User, *, account_id: int | None = None, contact_id: int | None = None) -> Customer | None:
    """The customer if the reader may see one of the two; a person without account brings the main one along."""
    accounts, contacts = Account.objects.visible_to(user), Contact.objects.visible_to(user)
    account = accounts.select_related("owner", "region").filter(pk=account_id).first() if account_id else None
    contact = contacts.filter(pk=contact_id).first() if contact_id else None
    memberships = AccountContact.objects.select_related("account__owner", "account__region", "contact")
    membership = None
    if contact is not None:
        mine = memberships.filter(contact=contact, account__in=accounts)
        membership = (mine.filter(account=account) if account else mine.order_by("-is_primary", "pk")).first()
        account = account or (membership.account if membership else None)
    elif account is not None and account.kind == Account.Kind.PERSON:
        membership = memberships.filter(account=account, contact__in=contacts).first()
        contact = membership.contact if membership else None
    return Customer(account, contact, membership) if account or contact else None


def first_sight(customer: Customer, user: User, now: datetime, queue: Queue | None = None) -> FirstSight:
    """Alerts, open tickets, last contacts and a guess why they call."""
    tickets = _open_tickets(customer, user)
    rows = list(tickets[: OPEN_TICKETS + 1])
    faces = [OpenTicket(ticket, face_of(ticket, now)) for ticket in rows[:OPEN_TICKETS]]
    local = now.astimezone(customer.zone) if customer.zone else None
    subject = rows[0].subject if rows else ""
    return FirstSight(
        alerts=[*_owed(customer, user, now), *_alerts(customer, faces, now)][:ALERTS],
        open_tickets=faces,
        open_count=len(rows),
        promises=list(_promises(customer, user)[:OPEN_TICKETS]),
        contacts=list(_contacts(customer, user)[:LAST_CONTACTS]),
        guesses=_guesses(customer, user, subject, queue or (rows[0].queue if rows else None)),
        local_time=local.strftime("%H:%M") if local else "",
        is_day=local is None or 7 <= local.hour < 19,
    )


def _promises(customer: Customer, user: User) -> QuerySet[Callback]:
    """Calls that were promised to this customer."""
    rows: QuerySet[Callback] = Callback.objects.visible_to(user)
    theirs = customer.owns() | Q(contact=customer.contact) if customer.contact else customer.owns()
    return rows.filter(theirs, closed_at=None).order_by("due_at", "pk")


def further(customer: Customer, user: User) -> Further:
    """Contact points, opportunities, colleagues."""
    holders = Q(contact=customer.contact) if customer.contact else Q()
    if customer.account is not None:
        holders |= Q(account=customer.account)
    deals = _opportunities(customer, user)
    total = Money()
    for deal in deals:
        total += Money({deal.currency: deal.amount_minor}, {deal.currency: deal.amount_minor * deal.probability // 100})
    return Further(
        points=list(ContactPoint.objects.filter(holders).order_by("-is_preferred", "kind", "pk")[:POINTS]),
        opportunities=deals,
        pipeline=total,
        relations=_relations(customer, user),
        products=_products(customer, user),
        may_add_product=customer.account is not None and reaches(user, "edit", customer.account),
    )


def _products(customer: Customer, user: User) -> list[tuple[InstalledProduct, Warranty]]:
    if customer.account is None:
        return []
    at = clock.now()
    return [(one, one.warranty_at(at)) for one in products_of(customer.account, user)[:RELATIONS]]


def _guesses(customer: Customer, user: User, subject: str, queue: Queue | None) -> list[Guess]:
    found = suggest(subject, queue, user, user.language, limit=2)
    return [Guess(hit, citation(hit.article, customer.language or user.language)) for hit in found]


def _open_tickets(customer: Customer, user: User) -> QuerySet[Ticket]:
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(user).filter(customer.owns(), is_active=True)
    return rows.select_related("type", "queue", "status").order_by("sla_due_at", "-last_event_at")


def _contacts(customer: Customer, user: User) -> QuerySet[Interaction]:
    rows: QuerySet[Interaction] = Interaction.objects.visible_to(user).filter(customer.owns(), channel__in=SPOKEN)
    return rows.select_related("by", "contact", "ticket").order_by("-occurred_at", "-pk")


def _opportunities(customer: Customer, user: User) -> list[Opportunity]:
    if customer.account is None:
        return []
    rows = Opportunity.objects.visible_to(user).filter(account=customer.account, stage__kind=Stage.Kind.OPEN)
    return list(rows.select_related("stage")[:10])


def _relations(customer: Customer, user: User) -> list[AccountContact]:
    if customer.account is None:
        return []
    rows = AccountContact.objects.filter(account=customer.account, contact__in=Contact.objects.visible_to(user))
    if customer.contact is not None:
        rows = rows.exclude(contact=customer.contact)
    return list(rows.select_related("contact").order_by("-is_primary", "contact__name")[:RELATIONS])


def _owed(customer: Customer, user: User, now: datetime) -> list[Alert]:
    """What the customer is late with, one line for each currency."""
    if customer.account is None:
        return []
    found = overdue_of(customer.account, user, timezone.localdate(now))
    return [
        Alert(
            "breach",
            "icon:receipt-off",
            _("Payment overdue."),
            _("%(amount)s since %(day)s") % {"amount": money(one.left_minor, one.currency), "day": dated(one.since)},
        )
        for one in found
    ]


def _alerts(customer: Customer, tickets: list[OpenTicket], now: datetime) -> list[Alert]:
    found = []
    complaints = [row.ticket for row in tickets if row.ticket.type.code == "complaint"]
    if complaints:
        days = (now - complaints[0].opened_at).days + 1
        fact = _("%(subject)s, day %(day)d") % {"subject": complaints[0].subject, "day": days}
        found.append(Alert("breach", "icon:alert-octagon", _("Complaint open."), fact))
    late = [row for row in tickets if row.face and row.face.state == "breach"]
    if late:
        cause = ngettext("%(n)d ticket overdue.", "%(n)d tickets overdue.", len(late)) % {"n": len(late)}
        found.append(Alert("breach", "icon:alert-triangle", cause, late[0].ticket.number))
    found += _point_alerts(customer)
    if customer.account and customer.account.grade == Account.Grade.D:
        found.append(Alert("hold", "icon:receipt-off", _("Grade D."), _("Ask before promising anything")))
    note = (customer.contact.note if customer.contact else "") or (customer.account.note if customer.account else "")
    if note:
        found.append(Alert("info", "icon:info-circle", _("Note."), note.partition("\n")[0]))
    return found


def _point_alerts(customer: Customer) -> list[Alert]:
    if customer.contact is None:
        return []
    refused = customer.contact.points.filter(opted_out=True).first()
    if refused is None:
        return []
    shown = phone_numbers.pretty(refused.value) if refused.kind == ContactPoint.Kind.PHONE else refused.value
    return [Alert("hold", "icon:phone-off", _("Do not contact."), shown)]
