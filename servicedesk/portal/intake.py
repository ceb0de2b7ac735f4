"""What customers may ask for and where it goes: types, urgency, the queue that takes it, the promised answer."""

import re
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from crmcore.models import Account, Queue, User
from crmcore.working_time import CalendarError, working_calendar
from tickets.models import Priority, Ticket, TicketType
from tickets.queries.promises import promises_for

SUBJECT_LENGTH = 80
URGENCIES = [
    (Priority.LOW.value, _("It can wait")),
    (Priority.NORMAL.value, _("Work goes on, with trouble")),
    (Priority.HIGH.value, _("We cannot work")),
]
# The desk of a kind of request, by the code of its queue; other kinds go by language.
_DESKS = {"repair": "repairs", "complaint": "complaints"}
_SENTENCE_END = re.compile(r"(?<=[。！？!?])|(?<=[.])\s|\n")


def subject_of(text: str) -> str:
    """The first sentence of what a customer wrote, cut where it grows long."""
    first = next((part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()), "").rstrip(".。")
    if len(first) <= SUBJECT_LENGTH:
        return first
    cut = first[: SUBJECT_LENGTH - 1]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut[SUBJECT_LENGTH // 2 :] else cut}…"


def queue_for(kind: TicketType, language: str) -> Queue | None:
    """The queue for a kind of request in a language; None only on a desk without active queues."""
    active = Queue.objects.filter(is_active=True)
    desk = active.filter(code=_DESKS.get(kind.code, "")).first()
    speaking = active.filter(language=language).first() if language != "en" else None
    return desk or speaking or active.order_by("-is_default", "position", "pk").first()


def account_of(user: User) -> Account | None:
    """The account in whose name the customer writes: the one where they are the main contact, else any."""
    contact = user.contact
    if contact is None:
        return None
    membership = contact.memberships.select_related("account").order_by("-is_primary", "pk").first()
    return membership.account if membership else None


def first_answer_by(user: User, kind: TicketType, priority: str, now: datetime) -> datetime | None:
    """When the desk promises the first answer to such a request, None where nothing is promised."""
    queue = queue_for(kind, user.language)
    if queue is None:
        return None
    wanted = Ticket(type=kind, queue=queue, account=account_of(user), priority=priority)
    promise = promises_for(wanted, now).get("first_reply")
    if promise is None:
        return None
    try:
        calendar = working_calendar(promise.calendar.time_zone, promise.calendar.weekly, promise.calendar.overrides)
        return calendar.due(now, promise.target_s)
    except CalendarError:
        return None
