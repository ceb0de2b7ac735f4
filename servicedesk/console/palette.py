"""Ctrl+K: customers, tickets, articles, actions, three of each at first."""

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore import phone_numbers
from crmcore.models import Account, Contact, ContactPoint, User
from crmcore.permissions import may
from crmcore.queries.customers import search_accounts, search_contacts
from crmcore.text_search import query_terms
from knowledgebase.queries.search import Hit, search_articles
from servicedesk.console.menu import doors_of
from tickets.models import Ticket

SHOWN = 3


@dataclass(frozen=True)
class Act:
    """Something to do from anywhere. Words of both languages find it."""

    label: Promise | str
    icon: str
    url: str
    words: str = ""


@dataclass(frozen=True)
class Reachable:
    """A number that can be called from here, and whose it is."""

    number: str
    contact: Contact | None = None
    account_id: int | None = None

    @property
    def pretty(self) -> str:
        return phone_numbers.pretty(self.number)


@dataclass(frozen=True)
class Found:
    """The groups in their fixed order."""

    contacts: list[Contact]
    accounts: list[Account]
    tickets: list[Ticket]
    articles: list[Hit]
    acts: list[Act]
    numbers: list[Reachable] = field(default_factory=list)


def find(text: str, user: User) -> Found:
    """What the words lead to; no words: what can be done."""
    words = text.strip()
    if not words:
        return Found([], [], [], [], _acts(user))
    contacts = search_contacts(words, user=user, limit=SHOWN) if may(user, "contact", "view") else []
    accounts = search_accounts(words, user=user, limit=SHOWN) if may(user, "account", "view") else []
    named = {membership.account_id for contact in contacts for membership in contact.memberships.all()}
    accounts = [account for account in accounts if account.kind != Account.Kind.PERSON or account.pk not in named]
    articles = search_articles(words, user=user, language=user.language, limit=SHOWN)
    lowered = words.casefold()
    acts = [act for act in _acts(user) if lowered in f"{act.label} {act.words}".casefold()]
    return Found(contacts, accounts, _tickets(words, user), articles, acts, _numbers(words, contacts))


def _numbers(words: str, contacts: list[Contact]) -> list[Reachable]:
    """The first number of each person who was found, and the one that was typed."""
    phones = ContactPoint.objects.filter(contact__in=contacts, kind=ContactPoint.Kind.PHONE, opted_out=False)
    first: dict[int | None, str] = {}
    for contact_id, value in phones.order_by("-is_preferred", "pk").values_list("contact_id", "value"):
        first.setdefault(contact_id, value)
    known = [Reachable(first[row.pk], row, _account_of(row)) for row in contacts if row.pk in first]
    typed = phone_numbers.normalise(words, settings.DEFAULT_PHONE_REGION)
    is_new = typed.is_valid and typed.kind == phone_numbers.Kind.NUMBER and typed.value not in first.values()
    return [*known, Reachable(typed.value)] if is_new else known


def _account_of(contact: Contact) -> int | None:
    return next((membership.account_id for membership in contact.memberships.all()), None)


def _tickets(words: str, user: User) -> list[Ticket]:
    rows = Ticket.objects.visible_to(user).defer("search").select_related("status", "contact", "account")
    asked = Q(number__iexact=words) | Q(number__endswith=words) if any(map(str.isdigit, words)) else Q(pk__in=[])
    terms = query_terms(words)
    if terms:
        asked |= Q(search=SearchQuery(terms, config="simple", search_type="raw"))
    return list(rows.filter(asked).order_by("-is_active", "-last_event_at")[:SHOWN])


def _acts(user: User) -> list[Act]:
    acts = [Act(door.label, door.icon, door.url, door.url_name) for door in doors_of(user)]
    if may(user, "call", "edit"):
        acts.append(Act(_("Missed calls"), "icon:phone-x", reverse("console:missed"), "missed calls 未接来电"))
    acts.append(Act(_("Approvals"), "icon:rubber-stamp", reverse("approvals:list"), "approvals 审批"))
    if may(user, "ticket", "create"):
        acts.insert(0, Act(_("New ticket"), "icon:plus", reverse("tickets:new"), "new ticket 新建工单"))
    if may(user, "account", "create"):
        acts.insert(1, Act(_("New customer"), "icon:user-plus", reverse("crm:account_new"), "new customer 新建客户"))
    return acts
