"""Listening to a message, for those who may see its ticket."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from crmcore.models import User
from telephony.actions.voicemail import note_listening
from telephony.models import Voicemail
from telephony.views.doors import staff_reading
from tickets.models import Ticket


@never_cache
@staff_reading
def sound(request: HttpRequest, user: User, voicemail_id: int) -> HttpResponse:
    """The message itself. Raises Http404 while its sound has not been fetched, and to whom the ticket is closed."""
    tickets = Ticket.objects.visible_to(user)
    message = Voicemail.objects.filter(pk=voicemail_id, ticket__in=tickets).exclude(file="").first()
    if message is None:
        raise Http404
    note_listening(message, by=user)
    with message.file.open("rb") as sound:
        return HttpResponse(sound.read(), content_type=message.content_type)
