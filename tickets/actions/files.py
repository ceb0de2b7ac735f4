"""Files of tickets: kept once by their digest, judged by their bytes, waiting in a composer until something is sent."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.clock import now
from crmcore.models import User
from tickets.mail.file_kinds import LARGEST_BYTES, kind_of, safe_name
from tickets.mail.mime import MailFile
from tickets.models import Attachment, Interaction, Ticket
from tickets.queries.attachments import waiting_files

MOST_AT_ONCE = 20


class FileRefused(Exception):
    """The desk does not take this file, with a sentence that says why."""


def keep(folder: str, data: bytes) -> str:
    """Store bytes under the name that they give themselves; what is there already is not written again."""
    digest = hashlib.sha256(data).hexdigest()
    name = f"{folder}/{digest[:2]}/{digest}"
    if default_storage.exists(name) and default_storage.size(name) == len(data):
        return name
    if default_storage.exists(name):
        default_storage.delete(name)
    return default_storage.save(name, ContentFile(data))


def check_file(name: str, data: bytes) -> None:
    """Raises FileRefused for a file that the desk does not take from anybody's form."""
    if not data:
        raise FileRefused(_("%(name)s is empty.") % {"name": safe_name(name)})
    if len(data) > LARGEST_BYTES:
        facts = {"name": safe_name(name), "most": LARGEST_BYTES // 1024 // 1024}
        raise FileRefused(_("%(name)s is larger than %(most)d MB.") % facts)
    if kind_of(name, data).is_program:
        raise FileRefused(_("%(name)s is a program, and those are not sent.") % {"name": safe_name(name)})


@transaction.atomic
def upload(ticket: Ticket, *, by: User, name: str, data: bytes) -> Attachment:
    """Put a file into the composer of `by`; the same file twice is one. Raises FileRefused."""
    check_file(name, data)
    waiting = list(waiting_files(ticket, by))
    digest = hashlib.sha256(data).hexdigest()
    known = next((file for file in waiting if (file.digest, file.name) == (digest, safe_name(name))), None)
    if known is not None:
        return known
    if len(waiting) >= MOST_AT_ONCE or sum(file.size for file in waiting) + len(data) > LARGEST_BYTES:
        raise FileRefused(_("That is too much for one message. Send some of it first."))
    return _stored(ticket, MailFile(safe_name(name), data, ""), by=by)


def take_out(ticket: Ticket, public_id: UUID, *, by: User) -> None:
    """Remove a file from the composer; what was sent stays."""
    waiting_files(ticket, by).filter(public_id=public_id).delete()


def send_along(entry: Interaction, *, by: User) -> list[Attachment]:
    """Let everything that waits in the composer of `by` belong to the entry that was just written."""
    assert entry.ticket is not None
    files = list(waiting_files(entry.ticket, by))
    Attachment.objects.filter(pk__in=[file.pk for file in files]).update(interaction=entry)
    return files


def enclose(entry: Interaction, files: Iterable[MailFile]) -> None:
    """Keep what came with a mail. Programs are kept too, and never handed out."""
    assert entry.ticket is not None
    for file in files:
        _stored(entry.ticket, file, by=None, entry=entry)


def _stored(ticket: Ticket, file: MailFile, *, by: User | None, entry: Interaction | None = None) -> Attachment:
    kind = kind_of(file.name, file.data)
    return Attachment.objects.create(
        ticket=ticket,
        interaction=entry,
        by=by,
        name=safe_name(file.name),
        content_type=kind.content_type,
        size=len(file.data),
        digest=hashlib.sha256(file.data).hexdigest(),
        file=keep("files", file.data),
        content_id=file.content_id if file.is_inline else "",
        is_program=kind.is_program,
        created_at=now(),
    )
