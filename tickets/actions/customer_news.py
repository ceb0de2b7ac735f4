"""Telling customers what happened on their requests, on the page and by mail; nothing that is the desk's own."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from crmcore import live
from crmcore.actions.letters import desk_url, write_news
from crmcore.actions.news_choices import choice_of, leave_token
from crmcore.actions.notices import notify_customer
from crmcore.clock import now
from crmcore.models import NewsChoice, NewsKind, User
from crmcore.models.news_choice import out_of_quiet
from crmcore.zones import zone_called
from tickets.models import Category, Interaction, Ticket
from tickets.queries.mail_outlets import answers_to
from tickets.queries.mail_people import requester_address

LONGEST = 200
# An answer and the solution that comes with it go in one mail.
GATHERED_FOR = timedelta(seconds=30)
_BY_STATUS = {Category.WAITING_CUSTOMER: NewsKind.YOUR_TURN, Category.SOLVED: NewsKind.SOLVED}
# Other answers reach the customer by themselves and need no mail that says so; chats and calls were heard.
_NEEDS_MAIL = frozenset({"portal", "system"})
_HEARD = frozenset({"call", "chat"})


def tell_customers(ticket: Ticket, entry: Interaction) -> None:
    """Tell the requester's own sign-ins, or the address of somebody without one. Nobody is told of the past."""
    kind = kind_of(entry)
    if kind is None or live.is_silent() or ticket.contact_id is None:
        return
    users = list(User.objects.filter(contact=ticket.contact_id, kind=User.Kind.PORTAL, is_active=True))
    for user in users:
        if user.pk != entry.by_id:
            _tell(user, ticket, entry, kind)
    if not users and kind == NewsKind.ANSWER and entry.channel in _NEEDS_MAIL:
        _write_to_guest(ticket, entry)


def kind_of(entry: Interaction) -> NewsKind | None:
    """What an entry means to the customer; None for what they need not, or must not, hear of."""
    if entry.event == "status":
        return _BY_STATUS.get(entry.detail.get("category", ""))
    if entry.event == "assignee":
        return NewsKind.PROGRESS if entry.detail.get("now") else None
    is_word = not entry.event and entry.is_public and entry.direction == Interaction.Direction.OUT
    return NewsKind.ANSWER if is_word and entry.by_id is not None and entry.channel not in _HEARD else None


def _tell(user: User, ticket: Ticket, entry: Interaction, kind: NewsKind) -> None:
    choice = choice_of(user)
    path = reverse("portal:request", args=[ticket.number])
    with translation.override(choice.language or user.language):
        headline = _headline(ticket, entry, kind)
        if kind not in choice.no_page:
            notify_customer(user, kind, headline, url=path, key=f"news:{entry.pk}")
        if kind not in choice.no_mail and user.email and entry.channel in _NEEDS_MAIL:
            leave = reverse("portal:news-off", args=[leave_token(user, kind)])
            reply_to, mark = answers_to(ticket)
            write_news(
                user.email,
                _marked(headline, mark),
                _paragraph(ticket, entry, kind),
                _foot(path, leave, reply_to),
                reply_to=reply_to,
                user=user,
                topic=f"ticket:{ticket.pk}",
                leave=leave,
                due_at=_moment(user, choice),
            )


def _write_to_guest(ticket: Ticket, entry: Interaction) -> None:
    to = requester_address(ticket)
    if to is None or ticket.contact is None:
        return
    path = f"{reverse('portal:track')}?number={ticket.number}"
    with translation.override(ticket.contact.language or ticket.queue.language or translation.get_language()):
        headline = _headline(ticket, entry, NewsKind.ANSWER)
        words = _paragraph(ticket, entry, NewsKind.ANSWER)
        topic, (reply_to, mark) = f"ticket:{ticket.pk}", answers_to(ticket)
        foot, due_at = _foot(path, reply_to=reply_to), now() + GATHERED_FOR
        write_news(to.email, _marked(headline, mark), words, foot, reply_to=reply_to, topic=topic, due_at=due_at)


def _moment(user: User, choice: NewsChoice) -> datetime:
    zone = zone_called(user.time_zone)
    return out_of_quiet(now() + GATHERED_FOR, choice.quiet_from, choice.quiet_until, zone)


def _headline(ticket: Ticket, entry: Interaction, kind: NewsKind) -> str:
    """One line without a word of what was written; an internal subject stays inside."""
    about = ticket.number if ticket.is_subject_internal else f"{ticket.number} · {ticket.subject}"
    who = entry.by.name if entry.by else ""
    facts = {"about": about, "who": who}
    if kind == NewsKind.ANSWER:
        return (_("%(who)s answered: %(about)s") if who else _("We answered: %(about)s")) % facts
    if kind == NewsKind.YOUR_TURN:
        return _("We need your answer: %(about)s") % facts
    if kind == NewsKind.SOLVED:
        return _("Please check: %(about)s") % facts
    return _("%(who)s looks after it: %(about)s") % {**facts, "who": ticket.assignee.name if ticket.assignee else ""}


def _paragraph(ticket: Ticket, entry: Interaction, kind: NewsKind) -> str:
    if kind == NewsKind.ANSWER:
        return entry.body
    if kind == NewsKind.YOUR_TURN:
        return _("We need your answer to go on. Our clock stands still until we have it.")
    if kind == NewsKind.SOLVED:
        return _("We think that it is solved. Please tell us on the page below whether it works.")
    name = ticket.assignee.name if ticket.assignee else ""
    return _("%(name)s looks after your request from now on.") % {"name": name}


def _marked(headline: str, mark: str) -> str:
    """The mark stays whole, however long the headline is."""
    return f"{headline[: LONGEST - len(mark) - 1]} {mark}" if mark else headline


def _foot(path: str, leave: str = "", reply_to: str = "") -> str:
    lines = [_("Your request: %(where)s") % {"where": desk_url(path)}]
    if reply_to:
        lines.append(_("You can also answer this mail."))
    if leave:
        lines.append(_("No more mail of this kind: %(where)s") % {"where": desk_url(leave)})
    return "\n".join(lines)
