"""A mail of ours as it is to be written: addresses, words, signature, what it answers, what is enclosed."""

from django.core.files.storage import default_storage
from django.utils import translation

from tickets.mail.addresses import Address
from tickets.mail.mime import MailFile
from tickets.mail.threads import reply_address
from tickets.mail.writing import Letter
from tickets.models import Interaction, Mail, MailRecipient
from tickets.queries.mail_outlets import language_for, quote_of
from tickets.queries.mail_threads import marks_key

Role = MailRecipient.Role


def letter_of(mail: Mail) -> Letter:
    """What goes over the wire; the same whenever it is asked for."""
    entry, ticket = mail.interaction, mail.ticket
    body = entry.body if entry else ""
    language = language_for(ticket, body) if ticket else translation.get_language()
    head, quoted = quote_of(_answered(mail), language)
    with translation.override(language):
        sender, signature = Address(mail.sender, mail.mailbox.label), mail.mailbox.signature_label
    return Letter(
        message_id=mail.message_id,
        sender=sender,
        to=_people(mail, Role.TO),
        cc=_people(mail, Role.CC),
        reply_to=_reply_to(mail, sender),
        subject=mail.subject,
        text=body,
        signature=signature,
        quote_head=head,
        quoted=quoted,
        sent_at=mail.created_at,
        in_reply_to=mail.references[-1] if mail.references else "",
        references=tuple(mail.references),
        files=_files(entry),
        is_automatic=mail.is_automatic,
    )


def raw_of(mail: Mail) -> bytes:
    """The bytes of a mail as it was fetched."""
    with default_storage.open(mail.raw, "rb") as file:
        return bytes(file.read())


def _reply_to(mail: Mail, sender: Address) -> Address | None:
    if mail.ticket is None or not mail.mailbox.tags_address:
        return None
    name = mail.side.mark_name if mail.side else mail.ticket.number
    return Address(reply_address(mail.sender, name, marks_key()), sender.name)


def _answered(mail: Mail) -> Interaction | None:
    """The entry that this mail answers, of the same conversation."""
    if not mail.references or mail.is_automatic:
        return None
    rows = Mail.objects.filter(message_id=mail.references[-1], ticket=mail.ticket, side=mail.side)
    found = rows.exclude(interaction=None).select_related("interaction__contact").order_by("-pk").first()
    return found.interaction if found else None


def _people(mail: Mail, role: str) -> tuple[Address, ...]:
    return tuple(Address(one.email, one.name) for one in mail.recipients.all() if one.role == role)


def _files(entry: Interaction | None) -> tuple[MailFile, ...]:
    """What is enclosed; a file that is gone from the storage stops the mail, which is tried again."""
    found = []
    for file in entry.attachments.filter(is_program=False) if entry else ():
        with default_storage.open(file.file, "rb") as stored:
            found.append(MailFile(file.name, bytes(stored.read()), file.content_type))
    return tuple(found)
