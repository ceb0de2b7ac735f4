"""Files of tickets: uploaded into a composer, taken out again, and handed out to whoever may see their entry."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from crmcore.views.requests import StaffRequest, staff_page, wants_fragment
from tickets.actions.files import FileRefused, take_out, upload
from tickets.mail.file_kinds import LARGEST_BYTES
from tickets.models import Attachment, DispatchFile, Ticket
from tickets.queries.attachments import file_for, waiting_files
from tickets.views.lookup import found_ticket


@require_GET
@staff_page("ticket")
def download(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """`/tickets/files/<uuid>/`: always to be saved, never opened by the browser as a page of ours."""
    file = file_for(public_id, request.user)
    if file is None:
        raise Http404(str(public_id))
    return handed_out(file)


@require_POST
@staff_page("ticket", "edit")
def add(request: StaffRequest, number: str) -> HttpResponse:
    """Put files into the composer; those that are refused say why."""
    ticket = found_ticket(request, number, "edit")
    errors = []
    for sent in request.FILES.getlist("files"):
        try:
            upload(ticket, by=request.user, name=sent.name or "", data=_bytes(sent))
        except FileRefused as reason:
            errors.append(str(reason))
    return _list(request, ticket, errors)


@require_POST
@staff_page("ticket", "edit")
def remove(request: StaffRequest, number: str, public_id: UUID) -> HttpResponse:
    """Take a file out of the composer."""
    ticket = found_ticket(request, number, "edit")
    take_out(ticket, public_id, by=request.user)
    return _list(request, ticket, [])


def handed_out(file: Attachment | DispatchFile) -> HttpResponse:
    """The file as a download. A browser must not guess its type, and may run nothing in it."""
    try:
        with default_storage.open(file.file, "rb") as stored:
            answer = HttpResponse(stored.read(), content_type=file.content_type)
    except OSError as error:
        raise Http404(file.name) from error
    answer["Content-Disposition"] = content_disposition_header(True, file.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def _bytes(sent: "UploadedFile[bytes]") -> bytes:
    """The file, of one that is too large only as much as tells that it is."""
    return bytes(sent.read(LARGEST_BYTES + 1))


def _list(request: StaffRequest, ticket: Ticket, errors: list[str]) -> HttpResponse:
    if not wants_fragment(request):
        return redirect(ticket)
    context = {"ticket": ticket, "files": waiting_files(ticket, request.user), "file_errors": errors}
    return render(request, "tickets/_uploads.html", context)
