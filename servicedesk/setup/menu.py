"""The pages of the settings: what each one sets, in one sentence, and the right that opens it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import User
from crmcore.permissions import may


class Group(models.TextChoices):
    """The headings of the list, in their order."""

    YOU = "you", pgettext_lazy("settings", "You")
    CALLS = "calls", _("Calls")
    TICKETS = "tickets", _("Tickets")
    FIELD = "field", _("Field work")
    PEOPLE = "people", _("People and queues")
    CONNECTIONS = "connections", _("Connections")


@dataclass(frozen=True)
class SettingsPage:
    """One page; `noun` and `action` name the right that opens it, an empty noun opens it to all staff."""

    group: Group
    label: Promise
    summary: Promise
    icon: str
    url_name: str
    noun: str = "settings"
    action: str = "edit"

    @property
    def url(self) -> str:
        return reverse(self.url_name)


# One page a paragraph, kept in the order of the groups.
PAGES: tuple[SettingsPage, ...] = (
    SettingsPage(
        Group.YOU,
        _("Your settings"),
        _("Your language, time zone, theme and keyboard."),
        "icon:user-circle",
        "settings:profile",
        noun="",
    ),
    SettingsPage(Group.YOU, _("Password"), _("With which you sign in."), "icon:lock", "setup:password", noun=""),
    SettingsPage(
        Group.CALLS,
        _("Supervision"),
        _("Whether agents see that a supervisor listens."),
        "icon:headphones",
        "setup:supervision",
    ),
    SettingsPage(
        Group.CALLS,
        _("Recordings"),
        _("Where recordings and messages lie, whether they are encrypted, and how long they are kept."),
        "icon:microphone",
        "setup:recordings",
    ),
    SettingsPage(
        Group.CALLS,
        _("Call flows"),
        _("What callers hear and press before somebody answers, number by number."),
        "icon:route",
        "setup:flows",
    ),
    SettingsPage(
        Group.PEOPLE,
        _("Queues"),
        _("Who is asked first, who is served first, skills, members, service level and overflow."),
        "icon:stack-2",
        "setup:queues",
        noun="queue",
    ),
    SettingsPage(
        Group.PEOPLE,
        _("People"),
        _("Who works here: accounts, roles, teams, skills, queues and passwords."),
        "icon:users",
        "setup:people",
        noun="user",
    ),
    SettingsPage(
        Group.PEOPLE,
        _("Teams"),
        _("The tree of the organisation: who belongs where and who leads."),
        "icon:sitemap",
        "setup:teams",
    ),
    SettingsPage(Group.PEOPLE, _("Skills"), _("What people can do and queues ask for."), "icon:star", "setup:skills"),
    SettingsPage(
        Group.PEOPLE,
        _("Opening hours"),
        _("Working calendars: the hours of each weekday, holidays and make-up days."),
        "icon:calendar",
        "setup:calendars",
    ),
    SettingsPage(
        Group.TICKETS,
        _("Service promises"),
        _("How soon customers are answered and tickets solved, and what happens before and after that is late."),
        "icon:clock-check",
        "setup:sla",
    ),
    SettingsPage(
        Group.PEOPLE,
        _("Away reasons"),
        _("What agents say when they step away, and how reports count the time."),
        "icon:coffee",
        "setup:away_reasons",
    ),
    SettingsPage(
        Group.PEOPLE,
        _("Wallboards"),
        _("Screens on the wall: which queues each one counts, its language and its address."),
        "icon:device-tv",
        "setup:wallboards",
    ),
    SettingsPage(
        Group.CONNECTIONS,
        _("Numbers and carrier"),
        _("Our telephone numbers, where their calls go, and whether the carrier reaches this desk."),
        "icon:phone",
        "setup:carrier",
    ),
    SettingsPage(
        Group.CONNECTIONS,
        _("Mailboxes"),
        _("Addresses by which customers write e-mail, their servers, and the mail that was held back."),
        "icon:mail",
        "setup:mailboxes",
    ),
    SettingsPage(
        Group.CONNECTIONS,
        _("Message templates"),
        _("What may be sent on WhatsApp when the customer has not written for a day."),
        "icon:brand-whatsapp",
        "setup:text_templates",
    ),
    SettingsPage(
        Group.CONNECTIONS,
        _("Other phone systems"),
        _("Exchanges that report their calls: their addresses, extensions and latest events."),
        "icon:plug-connected",
        "setup:exchanges",
    ),
    SettingsPage(
        Group.CALLS,
        _("Do-not-call list"),
        _("Numbers that nobody of this desk calls, by campaign or by hand."),
        "icon:phone-off",
        "setup:do_not_call",
        noun="campaign",
    ),
    SettingsPage(
        Group.CALLS,
        _("Missed calls"),
        _("What becomes of agents at whom a call rings out."),
        "icon:phone-x",
        "setup:answering",
    ),
    SettingsPage(
        Group.CALLS,
        _("Outcomes"),
        _("What agents choose after a call, the digits that choose it, and what it does to the ticket."),
        "icon:list-check",
        "setup:outcomes",
    ),
    SettingsPage(
        Group.PEOPLE,
        _("Capacity"),
        _("How many tickets people may have in hand, and what they do beside calls."),
        "icon:scale",
        "setup:capacity",
    ),
    SettingsPage(
        Group.PEOPLE,
        _("Giving out tickets"),
        _("Which queues hand their tickets to people by themselves, and to whom."),
        "icon:route",
        "setup:routing",
    ),
    SettingsPage(
        Group.CALLS,
        _("Parked calls"),
        _("How long a parked call waits for somebody to pick it up."),
        "icon:parking",
        "setup:parking",
    ),
    SettingsPage(
        Group.TICKETS,
        _("Canned replies"),
        _("What is written and done often, in both languages, found by typing / in a reply."),
        "icon:message-2",
        "setup:canned_replies",
    ),
    SettingsPage(
        Group.TICKETS,
        _("Checklists"),
        _("The tasks with which new tickets of a type begin."),
        "icon:checkbox",
        "setup:checklists",
    ),
    SettingsPage(
        Group.TICKETS,
        _("Surveys"),
        _("What customers are asked once a ticket is over, how often at most, and what follows a low score."),
        "icon:star",
        "setup:surveys",
    ),
    SettingsPage(
        Group.CALLS,
        _("Directory"),
        _("Outside numbers that agents may ask into a call or pass it on to."),
        "icon:address-book",
        "setup:directory",
    ),
    SettingsPage(
        Group.TICKETS,
        _("Automation"),
        _("What the desk does to tickets by itself: when, for which, and what."),
        "icon:bolt",
        "setup:rules",
    ),
    SettingsPage(
        Group.TICKETS,
        _("Ticket types"),
        _("What tickets can be, how long they can be reopened, and which fields each type asks for."),
        "icon:tag",
        "setup:ticket_types",
    ),
    SettingsPage(
        Group.TICKETS,
        _("Ticket fields"),
        _("Your own fields beside subject and text: their kind, their wording, and who sees them."),
        "icon:forms",
        "setup:ticket_fields",
    ),
    SettingsPage(
        Group.TICKETS,
        _("Ticket statuses"),
        _("What you and your customers call each status, and what it means to clocks and lists."),
        "icon:progress",
        "setup:ticket_statuses",
    ),
    SettingsPage(
        Group.FIELD,
        _("Products"),
        _("What customers can have of us, and how many months of warranty each begins with."),
        "icon:package",
        "setup:products",
    ),
    SettingsPage(
        Group.FIELD,
        _("Estates and projects"),
        _("Where products stand close together, so that a wave of repairs is seen."),
        "icon:building-community",
        "setup:estates",
    ),
    SettingsPage(
        Group.TICKETS,
        _("Stages"),
        _("The closed loop of a type: its stages, who works them, their limits, and what leads on."),
        "icon:route",
        "setup:stages",
    ),
)


def pages_of(user: User) -> list[SettingsPage]:
    """The pages that open for this person."""
    return [page for page in PAGES if not page.noun or may(user, page.noun, page.action)]


def grouped(pages: Iterable[SettingsPage]) -> Iterator[tuple[Group, list[SettingsPage]]]:
    """Pages under their headings."""
    order = list(Group)
    by_group = sorted(pages, key=lambda page: order.index(page.group))
    return ((group, list(rows)) for group, rows in groupby(by_group, key=lambda page: page.group))


def page_called(url_name: str) -> SettingsPage:
    """The page at this address. Raises KeyError when the menu does not hold it."""
    return {page.url_name: page for page in PAGES}[url_name]
