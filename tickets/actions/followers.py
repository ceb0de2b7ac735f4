"""Telling people of what happens on tickets that they follow or are named on, and of what they asked to be told."""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crmcore.actions.notices import notify, notify_all
from crmcore.clock import now
from crmcore.models import NoticeKind, User
from crmcore.queries.rights import reaches
from tickets.models import Interaction, Reminder, Ticket
from tickets.queries.mentions import mentioned_in
from tickets.queries.timeline import author_and_deed

AT_ONCE = 200
EXCERPT = 120
# Other events are told by the entries that come with them, or are of no weight to somebody who is elsewhere.
TOLD = frozenset({"", "status", "assignee", "queue", "priority", "merged", "merged_away", "rated", "surveyed"}) | {
    *("confirmed", "contested", "called_off"),
}


def tell_followers(ticket: Ticket, entry: Interaction) -> None:
    """Each follower who may still see the ticket is told once of an entry that is not their own."""
    if entry.event not in TOLD:
        return
    followers = User.objects.filter(watches__ticket=ticket, is_active=True).exclude(pk=entry.by_id or 0)
    if entry.event == "assignee":
        # Whoever is in charge from now on is told so by a notice of its own.
        followers = followers.exclude(pk=ticket.assignee_id or 0)
    told = [person for person in followers if reaches(person, "view", ticket)]
    if told:
        what = _Lazily(lambda: " ".join(author_and_deed(entry)))
        facts = {"number": ticket.number, "what": what}
        url = ticket.get_absolute_url()
        notify_all(told, NoticeKind.WATCHED, _("%(number)s: %(what)s"), url=url, facts=facts, key=f"entry:{entry.pk}")


def tell_mentioned(ticket: Ticket, entry: Interaction) -> None:
    """Whoever is named in an internal note and may see the ticket is told."""
    named = [person for person in mentioned_in(entry.body) if person.pk != entry.by_id]
    told = [person for person in named if reaches(person, "view", ticket)]
    if told and entry.by is not None:
        words = " ".join(entry.body.split())
        facts = {"who": entry.by.name, "number": ticket.number, "words": words[:EXCERPT]}
        text = _("%(who)s mentioned you on %(number)s: %(words)s")
        notify_all(told, NoticeKind.MENTION, text, url=ticket.get_absolute_url(), facts=facts, key=f"named:{entry.pk}")


@transaction.atomic
def tell_due_reminders() -> int:
    """Tell people what they asked to be reminded of by now; how many reminders that were, at most 200 at once."""
    at = now()
    due = Reminder.objects.select_for_update(of=("self",), skip_locked=True).filter(told_at=None, due_at__lte=at)
    rows = list(due.select_related("ticket", "user").defer("ticket__search").order_by("due_at")[:AT_ONCE])
    for row in rows:
        if reaches(row.user, "view", row.ticket):
            facts = {"number": row.ticket.number, "words": row.words or row.ticket.subject}
            url = row.ticket.get_absolute_url()
            text = _("%(number)s: %(words)s")
            notify(row.user, NoticeKind.REMINDER, text, url=url, facts=facts, key=f"reminder:{row.pk}")
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=at)
    return len(rows)


class _Lazily:
    """Words that are put together when they are read, in the language of that moment."""

    def __init__(self, say: Callable[[], str]) -> None:
        self._say = say

    def __str__(self) -> str:
        return self._say()
