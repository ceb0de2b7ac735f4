"""Files that come along with a form of somebody outside."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tickets.actions.files import FileRefused, check_file
from tickets.mail.file_kinds import LARGEST_BYTES
from tickets.mail.mime import MailFile

MOST_FILES = 10


def sent_files(request: HttpRequest) -> list[MailFile]:
    """What the form brought along. Raises FileRefused."""
    sent = request.FILES.getlist("files")
    if len(sent) > MOST_FILES:
        raise FileRefused(_("Send %(most)d files at most.") % {"most": MOST_FILES})
    files, room = [], LARGEST_BYTES
    for one in sent:
        data = bytes(one.read(room + 1))
        check_file(one.name or "", data)
        if len(data) > room:
            raise FileRefused(_("That is too much for one message. Send some of it first."))
        room -= len(data)
        files.append(MailFile(one.name or "", data, ""))
    return files
