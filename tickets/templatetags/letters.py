"""What the timeline shows beside an entry's words: to whom a mail went, how far it came, what it quotes, its files."""

from dataclasses import dataclass, field

from django import template

from tickets.models import Attachment, Interaction, Mail, MailRecipient, Ticket
from tickets.queries.mail_outlets import has_mailbox
from tickets.queries.side_conversations import side_conversations_of
from tickets.queries.timeline import Timeline

register = template.Library()

_ICONS = {
    Mail.State.QUEUED: "icon:clock",
    Mail.State.SENT: "icon:check",
    Mail.State.LOST: "icon:alert-circle",
    Mail.State.FAILED: "icon:alert-circle",
}


@dataclass
class Letter:
    """The mail behind an entry, if there is one, and the files of the entry."""

    mail: Mail | None = None
    people: dict[str, list[MailRecipient]] = field(default_factory=dict)
    pictures: list[Attachment] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)

    @property
    def lost(self) -> list[MailRecipient]:
        """Whom it did not reach, where it reached others."""
        everybody = [one for people in self.people.values() for one in people]
        return [one for one in everybody if one.state == MailRecipient.State.LOST]

    @property
    def is_ours(self) -> bool:
        return self.mail is not None and self.mail.direction == Mail.Direction.OUT

    @property
    def icon(self) -> str:
        return _ICONS.get(Mail.State(self.mail.state), "icon:check") if self.mail else ""

    @property
    def look(self) -> str:
        """How the state is drawn: lost, done or open."""
        if self.mail is None or self.mail.is_lost or self.lost:
            return "lost"
        return "done" if self.mail.state == Mail.State.SENT else "open"


@register.simple_tag
def letters(timeline: Timeline) -> dict[int, Letter]:
    """The mails and files of a timeline by their entries, in three queries at most."""
    found: dict[int, Letter] = {}
    pks = [entry.pk for entry in timeline.entries if entry.look != "event"]
    mailed = [entry.pk for entry in timeline.entries if entry.channel == Interaction.Channel.EMAIL]
    if mailed:
        rows = Mail.objects.filter(interaction__in=mailed).select_related("again", "mailbox")
        for mail in rows.prefetch_related("recipients"):
            people: dict[str, list[MailRecipient]] = {}
            for one in mail.recipients.all():
                people.setdefault(one.role, []).append(one)
            found[mail.interaction_id or 0] = Letter(mail, people)
    for file in Attachment.objects.filter(interaction__in=pks) if pks else ():
        letter = found.setdefault(file.interaction_id or 0, Letter())
        (letter.pictures if file.is_image else letter.files).append(file)
    return found


@register.filter
def letter_of(found: dict[int, Letter], pk: int) -> Letter | None:
    """The mail and files of one entry."""
    return found.get(pk)


@register.inclusion_tag("tickets/_side_conversations.html")
def side_conversations(ticket: Ticket) -> dict[str, object]:
    """What is asked of others about a ticket; nothing on a desk without a mailbox."""
    sides = side_conversations_of(ticket)
    return {"ticket": ticket, "sides": sides, "is_shown": bool(sides) or has_mailbox()}
