"""Voicemail: a message becomes a ticket once, however often it is told, and its sound is fetched afterwards."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from crmcore import clock, phone_numbers
from crmcore.later import run_later
from telephony.actions.contact_record import USUAL_TYPE
from telephony.actions.menus import queue_of_place
from telephony.models import Call, Voicemail
from telephony.providers.base import CarrierError
from telephony.providers.messages import KeepsRecordings, VoicemailLeft
from telephony.providers.registry import provider_of
from telephony.queries.retention import last_day_of_message
from telephony.states import CallOutcome, CallState
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import open_ticket
from tickets.models import Interaction, Ticket, TicketType

log = structlog.get_logger(__name__)

AT_ONCE = 20
FETCH_AGAIN_AFTER = timedelta(seconds=20)
FETCHED_WITHIN = timedelta(hours=12)
GAVE_UP = (CallOutcome.IVR_ABANDON, CallOutcome.ABANDONED)


def take_voicemail(call: Call, signal: VoicemailLeft, *, now: datetime) -> None:
    """The caller of a locked call has left a message, perhaps told only after the call's end."""
    message, created = Voicemail.objects.get_or_create(
        call=call,
        defaults={
            "seconds": signal.seconds,
            "source": signal.source,
            "file": signal.stored,
            "content_type": signal.content_type,
            "received_at": now,
            "delete_after": last_day_of_message(now),
            "fetched_at": now if signal.stored else None,
            "fetch_due_at": None if signal.stored else now + FETCH_AGAIN_AFTER,
        },
    )
    if not created:
        return
    _settle(call)
    message.ticket = _ticket_of(call, message)
    message.save(update_fields=["ticket"])
    if not signal.stored:
        run_later("telephony.fetch_voicemail", message.pk)


def _settle(call: Call) -> None:
    """Whoever left a message did not give up."""
    if call.state == CallState.ENDED and call.outcome in GAVE_UP:
        call.outcome = CallOutcome.VOICEMAIL
        call.save(update_fields=["outcome"])


def _ticket_of(call: Call, message: Voicemail) -> Ticket | None:
    """The ticket the caller called about, else a new one in the queue that takes messages here."""
    if call.ticket is None:
        queue = queue_of_place(call)
        with translation.override(queue.language or settings.LANGUAGE_CODE):
            subject = _("Message from %(name)s") % {"name": _caller(call)}
        call.ticket = open_ticket(
            by=None,
            subject=subject,
            is_subject_internal=True,
            type=TicketType.objects.get(code=USUAL_TYPE),
            queue=queue,
            account=call.account,
            contact=call.contact,
            channel=Ticket.Channel.CALL,
        )
        call.save(update_fields=["ticket"])
    entry = log_interaction(
        ticket=call.ticket,
        account=call.account,
        contact=call.contact,
        channel=Interaction.Channel.CALL,
        direction=Interaction.Direction.IN,
        body="",
        is_public=False,
        by=None,
        reference=f"voicemail:{call.public_id}",
        detail={"sound": reverse("telephony:voicemail", args=[message.pk]), "seconds": message.seconds},
    )
    return entry.ticket


def _caller(call: Call) -> str:
    caller = call.contact or call.account
    return str(caller) if caller else phone_numbers.pretty(call.customer_number) or _("withheld number")


def fetch_voicemail(voicemail_id: int) -> None:
    """Bring a message's sound from its carrier into our own storage; asked twice, it is fetched once."""
    message = Voicemail.objects.select_related("call").filter(pk=voicemail_id, fetched_at=None).first()
    carrier = provider_of(message.call.provider) if message else None
    if message is None or not isinstance(carrier, KeepsRecordings):
        return
    try:
        sound = carrier.fetch_recording(message.source)
    except CarrierError as error:
        log.warning("telephony.voicemail_not_fetched", voicemail_id=voicemail_id, error=str(error))
        return
    _keep(voicemail_id, sound, carrier.recording_type)


def ask_for_voicemails(now: datetime) -> None:
    """Let the worker try again where the sound has not come, less and less often, and at last not at all."""
    for message in Voicemail.objects.filter(fetched_at=None, fetch_due_at__lte=now)[:AT_ONCE]:
        waited = now - message.received_at
        again = now + waited if waited < FETCHED_WITHIN else None
        if Voicemail.objects.filter(pk=message.pk, fetch_due_at=message.fetch_due_at).update(fetch_due_at=again):
            run_later("telephony.fetch_voicemail", message.pk)


@transaction.atomic
def _keep(voicemail_id: int, sound: bytes, content_type: str) -> None:
    message = Voicemail.objects.select_for_update(of=("self",)).get(pk=voicemail_id)
    if message.fetched_at is None:
        message.content_type, message.fetched_at = content_type, clock.now()
        message.file.save(f"{message.call_id}.wav", ContentFile(sound))
