"""Files that customers send, and those that they may fetch."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from servicedesk.portal.frame import customer, customer_page
from tickets.actions.files import FileRefused, check_file
from tickets.mail.file_kinds import LARGEST_BYTES
from tickets.mail.mime import MailFile
from tickets.queries.attachments import file_for
from tickets.views.files import handed_out

MOST_FILES = 10


@require_GET
@customer_page
def download(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A file of a message that the customer may read."""
    file = file_for(public_id, customer(request))
    if file is None:
        raise Http404(str(public_id))
    return handed_out(file)


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
