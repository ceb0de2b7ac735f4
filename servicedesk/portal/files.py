"""Files of messages that customers may fetch."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from servicedesk.portal.frame import customer, customer_page
from tickets.queries.attachments import file_for
from tickets.views.files import handed_out


@require_GET
@customer_page
def download(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A file of a message that the customer may read."""
    file = file_for(public_id, customer(request))
    if file is None:
        raise Http404(str(public_id))
    return handed_out(file)
