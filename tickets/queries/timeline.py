"""A ticket's timeline as its reader sees it: who did what, when, in the reader's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from crmcore import phone_numbers
from crmcore.models import User
from tickets.models import Interaction, Priority, SlaTarget, Ticket, TicketLink
from tickets.queries import approval_sentences as approving
from tickets.queries import (
    asking_sentences,
    channel_sentences,
    chat_sentences,
    customer_sentences,
    dispatch_sentences,
    stage_sentences,
)
from tickets.queries.keyset import Order, page_of
from tickets.queries.merged import entries_of
from tickets.sla_ladder import Act

LONGEST = 200
AS_WRITTEN = Order("recorded_at")
SHOWS = {
    "all": (_("All"), Q()),
    "messages": (_("Messages"), Q(is_public=True) | Q(channel=Interaction.Channel.CALL)),
    "internal": (_("Internal"), Q(channel=Interaction.Channel.NOTE)),
    "changes": (_("Changes"), Q(channel=Interaction.Channel.SYSTEM)),
}
_ICONS = {
    "opened": "icon:ticket",
    "status": "icon:arrow-right",
    "assignee": "icon:user",
    "queue": "icon:users",
    "priority": "icon:flag",
    "type": "icon:tag",
    "subject": "icon:pencil",
    **stage_sentences.ICONS,
    **customer_sentences.ICONS,
    **dispatch_sentences.ICONS,
    **approving.ICONS,
    "waived": "icon:message-off",
    "escalated": "icon:stairs-up",
    "due_set": "icon:pin",
    "due_released": "icon:pinned-off",
    "rated": "icon:star",
    "survey": "icon:star",
    "visit": "icon:calendar-user",
    "surveyed": "icon:star",
    "followed": "icon:link",
    "withdrawn": "icon:arrow-right",
    "rule": "icon:bolt",
    "undelivered": "icon:message-off",
    "opportunity": "icon:chart-arrows-vertical",
    "merged": "icon:arrow-merge",
    "merged_away": "icon:arrow-merge",
    "parted": "icon:arrow-back-up",
    "split": "icon:arrows-split",
    "split_off": "icon:arrows-split",
    "tags": "icon:tags",
    "todo": "icon:checkbox",
    "product": "icon:package",
    "linked": "icon:link",
    "unlinked": "icon:unlink",
    **chat_sentences.ICONS,
}
# Mail that is not the customer's word, by what its entry says of it.
_BESIDE = {
    "outsider": _("wrote by e-mail and is not part of the conversation"),
    "robot": _("answered automatically by e-mail"),
    "staff": _("wrote by e-mail, for colleagues only"),
}


@dataclass(frozen=True)
class Entry:
    """What a timeline entry shows; `look` is empty, note or event, `part` the merged ticket that it stands on."""

    seq: int
    look: str
    icon: str
    author: str
    author_id: int | None
    did: str
    at: datetime
    text: str
    internal: bool
    sound: str = ""
    pk: int = 0
    channel: str = ""
    part: str = ""


@dataclass(frozen=True)
class Timeline:
    """Entries from old to new; `earlier` is the cursor before which more lie, empty where none do."""

    entries: list[Entry]
    earlier: str = ""


def timeline(ticket: Ticket, user: User, *, show: str = "all", before: str = "", parts: Sequence[int] = ()) -> Timeline:
    """The latest entries of a kind that the user may see, or those before a cursor; with what was merged into it."""
    rows = entries_of(ticket, user, parts).filter(SHOWS[show][1]).select_related("by", "contact", "account", "ticket")
    found = page_of(rows.defer("ticket__search"), AS_WRITTEN, before, size=LONGEST)
    return Timeline(_each_sound_once([_entry(row, ticket) for row in reversed(found.rows)]), found.after)


def author_and_deed(row: Interaction) -> tuple[str, str]:
    """Who did what, in the active language."""
    return _author(row)[0], _EVENTS[row.event](row.detail) if row.event in _EVENTS else _deed(row)


def _deed(row: Interaction) -> str:
    note = row.channel == Interaction.Channel.NOTE
    return gettext("wrote an internal note") if note else _did(row)


def _entry(row: Interaction, shown_on: Ticket) -> Entry:
    is_event = row.channel == Interaction.Channel.SYSTEM
    is_internal = not is_event and not row.is_public
    author, author_id = _author(row)
    return Entry(
        seq=row.seq or 0,
        look="event" if is_event else "note" if is_internal else "",
        icon=_ICONS.get(row.event, "icon:point"),
        author=author,
        author_id=author_id,
        did=_EVENTS[row.event](row.detail) if row.event in _EVENTS else _did(row),
        at=row.occurred_at,
        text=_reason(row.detail) if is_event else row.body,
        internal=is_internal,
        sound=str(row.detail.get("sound", "")),
        pk=row.pk,
        channel=row.channel,
        part=row.ticket.number if row.ticket and row.ticket != shown_on else "",
    )


def _each_sound_once(entries: list[Entry]) -> list[Entry]:
    """A call of several people has several entries and one recording, which stands at the first of them."""
    heard = {""}
    for place, entry in enumerate(entries):
        if entry.sound in heard:
            entries[place] = replace(entry, sound="")
        heard.add(entry.sound)
    return entries


def _author(row: Interaction) -> tuple[str, int | None]:
    if row.by is not None:
        return row.by.name, row.by.pk
    if row.channel == Interaction.Channel.SYSTEM and row.event not in ("opened", *customer_sentences.EVENTS):
        return gettext("The desk"), None
    by_mail = row.channel == Interaction.Channel.EMAIL and row.direction != Interaction.Direction.IN
    if by_mail or row.detail.get("said") == "message":
        return str(row.detail.get("from", "")) or gettext("The desk"), None
    customer = row.contact or row.account
    if customer:
        return customer.name, customer.pk
    number = phone_numbers.pretty(str(row.detail.get("number", "")))
    return number or str(row.detail.get("guest", "")) or gettext("Unknown caller"), None


def _did(row: Interaction) -> str:
    if row.detail.get("said") == "message":
        return gettext("wrote by itself")
    if row.channel == Interaction.Channel.EMAIL:
        return _mailed(row)
    if row.channel != Interaction.Channel.CALL:
        return str(channel_sentences.WRITTEN.get((row.channel, row.direction), ""))
    if "seconds" in row.detail:
        return gettext("left a message, %(seconds)d s") % {"seconds": row.detail.get("seconds", 0)}
    if not row.answered:
        missed = row.direction == Interaction.Direction.IN
        return gettext("called, nobody answered") if missed else gettext("called, without an answer")
    customer = row.contact or row.account
    name, minutes = (customer.name if customer else ""), max(1, round(row.talk_seconds / 60))
    if row.by is None:
        return gettext("called, %(minutes)d min") % {"minutes": minutes}
    if not name:
        return gettext("spoke on the phone, %(minutes)d min") % {"minutes": minutes}
    return gettext("spoke with %(name)s on the phone, %(minutes)d min") % {"name": name, "minutes": minutes}


def _mailed(row: Interaction) -> str:
    said = row.detail.get("said", "")
    if said == "side_in":
        return gettext("wrote in “%(subject)s”") % {"subject": row.detail["subject"]}
    if said == "side_out":
        facts = {"people": row.detail["people"], "subject": row.detail["subject"]}
        return gettext("wrote to %(people)s in “%(subject)s”") % facts
    if said == "survey":
        return gettext("asked by e-mail how it went")
    if row.direction == Interaction.Direction.OUT and row.by is None:
        return gettext("confirmed by e-mail that it came")
    return str(_BESIDE.get(str(said)) or channel_sentences.WRITTEN[row.channel, row.direction])


def _label(pair: list[str]) -> str:
    """A name as it was written down, in the active language."""
    return pair[1] if (get_language() or "").startswith("zh") else pair[0]


def _reason(detail: dict[str, Any]) -> str:
    return str(detail.get("reason") or detail.get("comment") or "")


def _assigned(detail: dict[str, Any]) -> str:
    if detail["now"] is None:
        return gettext("gave this back to the queue")
    if detail["taken"]:
        return gettext("took this")
    return gettext("gave this to %(name)s") % {"name": _label(detail["now"])}


def _relation(detail: dict[str, Any]) -> dict[str, str]:
    kind = TicketLink.Kind(detail["kind"])
    return {
        "relation": str(TicketLink.REVERSED[kind] if detail["reversed"] else kind.label),
        "number": detail["number"],
    }


def _tagged(detail: dict[str, Any]) -> str:
    said = []
    if detail["added"]:
        said.append(gettext("put on the tags: %(tags)s") % {"tags": ", ".join(detail["added"])})
    if detail["removed"]:
        said.append(gettext("took off the tags: %(tags)s") % {"tags": ", ".join(detail["removed"])})
    return gettext("; ").join(said)


_TODO = {
    "added": _("added the task “%(name)s”"),
    "done": _("did the task “%(name)s”"),
    "undone": _("took up the task “%(name)s” again"),
    "removed": _("removed the task “%(name)s”"),
}
_EVENTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "opened": lambda d: str(channel_sentences.OPENED.get(d["channel"], _("opened this"))),
    "status": lambda d: gettext("moved this to %(status)s") % {"status": _label(d["now"])},
    "assignee": _assigned,
    "queue": lambda d: gettext("moved this to the queue %(queue)s") % {"queue": _label(d["now"])},
    "priority": lambda d: gettext("set the priority to %(priority)s") % {"priority": Priority(d["now"]).label},
    "type": lambda d: gettext("changed the type to %(type)s") % {"type": _label(d["now"])},
    "subject": lambda d: gettext("changed the subject from “%(subject)s”") % {"subject": d["was"]},
    **stage_sentences.EVENTS,
    **asking_sentences.EVENTS,
    **customer_sentences.EVENTS,
    **dispatch_sentences.EVENTS,
    **approving.EVENTS,
    "waived": lambda d: gettext("saw no need for a reply"),
    "escalated": lambda d: (
        gettext("took a step because of the clock “%(clock)s”: %(act)s")
        % {"clock": SlaTarget.Metric(d["metric"]).label, "act": Act(d["act"]).label}
    ),
    "due_set": lambda d: (
        gettext("set another due moment for “%(clock)s”") % {"clock": SlaTarget.Metric(d["metric"]).label}
    ),
    "due_released": lambda d: (
        gettext("let the policy say again when “%(clock)s” is due") % {"clock": SlaTarget.Metric(d["metric"]).label}
    ),
    "rated": lambda d: gettext("rated this %(score)d of 5") % {"score": d["score"]},
    "followed": lambda d: gettext("continued this in %(number)s") % {"number": d["number"]},
    "withdrawn": lambda d: gettext("moved an entry from here to another customer"),
    "rule": lambda d: gettext("followed the rule “%(rule)s”") % {"rule": _label(d["rule"])},
    "undelivered": lambda d: gettext("could not deliver the message above"),
    "merged": lambda d: gettext("merged %(number)s into this") % {"number": d["number"]},
    "merged_away": lambda d: gettext("merged this into %(number)s") % {"number": d["number"]},
    "parted": lambda d: gettext("took %(number)s out of this again") % {"number": d["number"]},
    "split": lambda d: (
        ngettext("moved %(count)d entry to %(number)s", "moved %(count)d entries to %(number)s", d["count"])
        % {"count": d["count"], "number": d["number"]}
    ),
    "split_off": lambda d: (
        ngettext("took over %(count)d entry of %(number)s", "took over %(count)d entries of %(number)s", d["count"])
        % {"count": d["count"], "number": d["number"]}
    ),
    "tags": lambda d: _tagged(d),
    "todo": lambda d: str(_TODO[d["what"]]) % {"name": _label(d["name"])},
    "product": lambda d: (
        gettext("said that this is about %(product)s") % {"product": _label(d["now"])}
        if d["now"]
        else gettext("took the product off this")
    ),
    "linked": lambda d: gettext("noted that this %(relation)s %(number)s") % _relation(d),
    "unlinked": lambda d: gettext("no longer says that this %(relation)s %(number)s") % _relation(d),
    **chat_sentences.EVENTS,
    "opportunity": lambda d: gettext("opened the opportunity %(name)s from this") % {"name": d["name"]},
}
