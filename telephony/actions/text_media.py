"""Pictures and voice messages of customers: fetched once the message stands, and kept on its entry."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crmcore import clock
from telephony.models import TextMedia
from telephony.providers.base import CarrierError
from telephony.providers.message_channel import InboundMedia, KeepsMedia, Media, TextRefused
from telephony.providers.registry import message_channel
from tickets.actions.files import enclose
from tickets.actions.interactions import log_interaction
from tickets.actions.telling import tell_interaction
from tickets.mail.mime import MailFile
from tickets.models import Interaction

log = structlog.get_logger(__name__)

ATTEMPTS = 6
AT_ONCE = 10
# Who died while fetching is followed by another after this.
LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=20)
_NAMES = {"image": "picture.jpg", "voice": "voice.amr"}


def fetch_due_media(now: datetime) -> None:
    """Fetch what waits for another try."""
    due = TextMedia.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    for media_id in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        fetch_text_media(media_id)


def fetch_text_media(media_id: int) -> None:
    """Fetch one thing that was sent along; asked twice, it is kept once."""
    media = _claim(media_id, clock.now())
    if media is None:
        return
    channel = message_channel(media.text.provider)
    try:
        if not isinstance(channel, KeepsMedia):
            raise TextRefused("")
        found = channel.fetch_media(media.text.ours, InboundMedia(media.kind, media.reference))
    except TextRefused:
        _lose(media.pk)
    except CarrierError as error:
        log.warning("telephony.media_not_fetched", media_id=media.pk, error=str(error))
        if media.attempts >= ATTEMPTS:
            _lose(media.pk)
        else:
            due_at = clock.now() + FIRST_PAUSE * 2**media.attempts
            TextMedia.objects.filter(pk=media.pk, state=TextMedia.State.WAITING).update(due_at=due_at)
    else:
        _keep(media.pk, found)


@transaction.atomic
def _claim(media_id: int, now: datetime) -> TextMedia | None:
    """What is to be fetched now, by nobody else."""
    rows = TextMedia.objects.select_for_update(of=("self",)).select_related("text")
    media = rows.filter(pk=media_id, state=TextMedia.State.WAITING, due_at__lte=now).first()
    if media is None:
        return None
    media.attempts, media.due_at = media.attempts + 1, now + LEASE
    media.save(update_fields=["attempts", "due_at"])
    return media


@transaction.atomic
def _keep(media_id: int, found: Media) -> None:
    media = _settled(media_id, TextMedia.State.KEPT)
    entry = media.text.interaction if media else None
    if media is None or entry is None or entry.ticket is None:
        return
    enclose(entry, [MailFile(found.name or _NAMES.get(media.kind, "file"), found.data, "")])
    tell_interaction(entry)


@transaction.atomic
def _lose(media_id: int) -> None:
    """The channel does not hand it out: the ticket says so, that an agent may ask for it again."""
    media = _settled(media_id, TextMedia.State.LOST)
    text = media.text if media else None
    if text is None or text.ticket is None:
        return
    with translation.override(text.ticket.queue.language or settings.LANGUAGE_CODE):
        words = _("What the customer sent along could not be fetched.")
    log_interaction(
        ticket=text.ticket,
        account=text.account,
        contact=text.contact,
        channel=Interaction.Channel.SYSTEM,
        direction=Interaction.Direction.INTERNAL,
        body=words,
        is_public=False,
        by=None,
    )


def _settled(media_id: int, state: str) -> TextMedia | None:
    """The row in its last state, if it was not settled before."""
    if not TextMedia.objects.filter(pk=media_id, state=TextMedia.State.WAITING).update(state=state, due_at=None):
        return None
    related = ("text__interaction__ticket", "text__ticket__queue", "text__account", "text__contact")
    return TextMedia.objects.select_related(*related).get(pk=media_id)
