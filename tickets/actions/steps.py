"""Steps: what a rule, a macro or a change of many tickets does to one, as data.

A list of `[code, value]`. All expect a locked ticket and leave saving it to whoever locked it. A step that says what
is so already does nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crmcore.actions.approvals import Refused
from crmcore.actions.notices import notify_all
from crmcore.models import ApprovalPlan, NoticeKind, Queue, User
from crmcore.queries.rights import reaches
from tickets.actions.approvals import ask_for
from tickets.actions.desk_words import write_to_customer
from tickets.actions.entries import Channel, Direction, append
from tickets.actions.moves import hand_to, move, pass_to_queue, prioritise, retype
from tickets.actions.surveys import plan_survey
from tickets.actions.tags import retag
from tickets.actions.visits import plan_visit
from tickets.models import CannedReply, Priority, SurveyTemplate, Ticket, TicketStatus, TicketType, VisitPlan
from tickets.queries.approvals import SUBJECT

Step = Sequence[Any]
ME, NOBODY, LEAST = "me", "nobody", "least"
ASSIGNEE, LEADER = "assignee", "leader"
LONGEST_NOTE, LONGEST_TAG = 4000, 40


class BadStep(ValueError):
    """A step that cannot be done, with a sentence that says why."""


@dataclass(frozen=True)
class Doing:
    """Who does it, when, and for whom `me` stands. `reason` names what many tickets have in common, told once."""

    by: User | None
    at: datetime
    me: User | None = None
    reason: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of step: what it is called, which right it needs on the ticket, what it does.

    Without choices it takes text, up to `longest` signs. A silent one leaves no entry on the timeline.
    """

    code: str
    label: Promise
    action: str
    do: Callable[[Ticket, Any, Doing], None]
    choices: Callable[[], list[tuple[str, str]]] | None = None
    longest: int = 0
    is_silent: bool = False

    @property
    def is_long(self) -> bool:
        """Whether its text may have several lines."""
        return self.longest > LONGEST_TAG


def take(ticket: Ticket, steps: Sequence[Step], doing: Doing) -> bool:
    """Do the steps in their order; whether one of them did anything.

    Raises BadStep and WrongMove; then none of them counts.
    """
    before = ticket.seq
    kinds = [kind_called(code) for code, _value in steps]
    for kind, (_code, value) in zip(kinds, steps, strict=True):
        kind.do(ticket, value, doing)
    return ticket.seq != before or any(kind.is_silent for kind in kinds)


def kind_called(code: str) -> Kind:
    """Raises BadStep."""
    if code not in KINDS:
        raise BadStep(gettext("There is no step “%(code)s”.") % {"code": code})
    return KINDS[code]


def rights_for(steps: Sequence[Step]) -> set[str]:
    """The rights on the ticket that the steps need."""
    return {kind_called(code).action for code, _value in steps}


def problems(steps: Sequence[Step]) -> list[str]:
    """What keeps the steps from being done, in the reader's language."""
    found = [] if steps else [gettext("Say what is to be done.")]
    for code, value in steps:
        try:
            kind = kind_called(code)
        except BadStep as problem:
            found.append(str(problem))
            continue
        known = dict(kind.choices()) if kind.choices else None
        fits = str(value) in known if known is not None else 0 < len(str(value).strip()) <= kind.longest
        if not fits:
            found.append(gettext("“%(step)s” needs a value.") % {"step": kind.label})
    return found


def sentence(step: Step) -> str:
    """A step in the reader's words, as in `Set the priority: Urgent`."""
    kind = kind_called(step[0])
    value = dict(kind.choices()).get(str(step[1]), "–") if kind.choices else str(step[1])
    return f"{kind.label}: {value}"


def _row(model: type[Any], value: Any) -> Any:
    row = model.objects.filter(pk=int(value)).first() if str(value).isdecimal() else None
    if row is None:
        raise BadStep(gettext("What a step names is gone."))
    return row


def _status(ticket: Ticket, value: Any, doing: Doing) -> None:
    move(ticket, _row(TicketStatus, value), by=doing.by, at=doing.at)


def _priority(ticket: Ticket, value: Any, doing: Doing) -> None:
    if value not in Priority.values:
        raise BadStep(gettext("What a step names is gone."))
    prioritise(ticket, value, by=doing.by, at=doing.at)


def _type(ticket: Ticket, value: Any, doing: Doing) -> None:
    retype(ticket, _row(TicketType, value), by=doing.by, at=doing.at)


def _queue(ticket: Ticket, value: Any, doing: Doing) -> None:
    pass_to_queue(ticket, _row(Queue, value), by=doing.by, at=doing.at)


def _assignee(ticket: Ticket, value: Any, doing: Doing) -> None:
    hand_to(ticket, _person(ticket, value, doing), by=doing.by, at=doing.at, told_once_by=doing.reason)


def _person(ticket: Ticket, value: Any, doing: Doing) -> User | None:
    if value == NOBODY:
        return None
    if value == ME:
        return doing.me or ticket.assignee
    if value == LEAST:
        return _least_loaded(ticket)
    person = _row(User, value)
    return person if person.is_active and not person.is_portal else ticket.assignee


def _least_loaded(ticket: Ticket) -> User | None:
    """Who serves the queue with the fewest open tickets; the present person where nobody serves it."""
    serving = User.objects.filter(queue_memberships__queue=ticket.queue_id, is_active=True)
    by_load = serving.annotate(load=Count("tickets", filter=Q(tickets__is_active=True))).order_by("load", "pk")
    return by_load.first() or ticket.assignee


def _note(ticket: Ticket, value: Any, doing: Doing) -> None:
    append(
        ticket,
        channel=Channel.NOTE,
        direction=Direction.INTERNAL,
        by=doing.by,
        occurred_at=doing.at,
        body=str(value),
    )


def _message(ticket: Ticket, value: Any, doing: Doing) -> None:
    reply = _row(CannedReply, value)
    if not (reply.is_active and reply.body_in("")):
        raise BadStep(gettext("What a step names is gone."))
    write_to_customer(ticket, reply, by=doing.by, at=doing.at)


def _tag(ticket: Ticket, value: Any, doing: Doing) -> None:
    retag(ticket, by=doing.by, at=doing.at, add=[str(value)])


def _untag(ticket: Ticket, value: Any, doing: Doing) -> None:
    retag(ticket, by=doing.by, at=doing.at, remove=[str(value)])


def _survey(ticket: Ticket, value: Any, doing: Doing) -> None:
    plan_survey(ticket, _row(SurveyTemplate, value), at=doing.at)


def _visit(ticket: Ticket, value: Any, doing: Doing) -> None:
    plan_visit(ticket, _row(VisitPlan, value), at=doing.at)


def _approval(ticket: Ticket, value: Any, doing: Doing) -> None:
    try:
        ask_for(ticket, _row(ApprovalPlan, value), by=doing.by or doing.me, at=doing.at)
    except Refused as refusal:
        raise BadStep(str(refusal)) from refusal


def _notify(ticket: Ticket, value: Any, doing: Doing) -> None:
    """Tell people of the ticket, as far as they may see it."""
    if value == LEADER:
        people = list(User.objects.filter(led_teams=ticket.queue.team_id))
    else:
        person = ticket.assignee if value == ASSIGNEE else _row(User, value)
        people = [person] if person else []
    told = [person for person in people if reaches(person, "view", ticket)]
    facts = {"number": ticket.number, "subject": ticket.subject}
    notify_all(told, NoticeKind.RULE, _("Look at %(number)s: %(subject)s"), url=ticket.get_absolute_url(), facts=facts)


def _told() -> list[tuple[str, str]]:
    return _staff_after((ASSIGNEE, _("who has it")), (LEADER, _("the leader of the queue's team")))


def _staff_after(*special: tuple[str, Promise]) -> list[tuple[str, str]]:
    staff = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name", "pk")
    return [*((code, str(label)) for code, label in special), *((str(person.pk), person.name) for person in staff)]


def _choices(model: type[Any], **known: Any) -> Callable[[], list[tuple[str, str]]]:
    return lambda: [(str(row.pk), str(row)) for row in model.objects.filter(**known)]


def _replies() -> list[tuple[str, str]]:
    rows = CannedReply.objects.filter(is_active=True).order_by("position", "pk")
    return [(str(row.pk), row.label) for row in rows if row.body_in("")]


def _in_charge() -> list[tuple[str, str]]:
    return _staff_after((ME, _("me")), (NOBODY, _("nobody")), (LEAST, _("who has the fewest in the queue")))


KINDS = {
    kind.code: kind
    for kind in (
        Kind("status", _("Set the status"), "edit", _status, _choices(TicketStatus)),
        Kind("priority", _("Set the priority"), "edit", _priority, lambda: [(c, str(n)) for c, n in Priority.choices]),
        Kind("assignee", _("Give it to"), "assign", _assignee, _in_charge),
        Kind("queue", _("Move it to the queue"), "assign", _queue, _choices(Queue, is_active=True)),
        Kind("type", _("Set the type"), "edit", _type, _choices(TicketType)),
        Kind("tag", _("Tag it"), "edit", _tag, longest=LONGEST_TAG),
        Kind("untag", _("Take off the tag"), "edit", _untag, longest=LONGEST_TAG),
        Kind("note", _("Leave a note"), "edit", _note, longest=LONGEST_NOTE),
        Kind("survey", _("Ask how it went"), "edit", _survey, _choices(SurveyTemplate, is_active=True)),
        Kind("message", _("Write to the customer"), "edit", _message, _replies),
        Kind("visit", _("Plan a return visit"), "edit", _visit, _choices(VisitPlan, is_active=True)),
        Kind(
            "approval",
            _("Ask for the approval"),
            "edit",
            _approval,
            _choices(ApprovalPlan, subject=SUBJECT, is_active=True),
        ),
        Kind("notify", _("Tell"), "view", _notify, _told, is_silent=True),
    )
}
