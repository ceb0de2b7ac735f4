"""Who writes on a social channel: a follower is a contact from the first message on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.actions.contact_points import NewPoint
from crmcore.actions.customers import create_contact
from crmcore.models import Contact, ContactPoint
from telephony.actions.text_states import lock_thread, rise
from telephony.models import TextMessage, TextThread
from telephony.providers.message_channel import Following
from telephony.queries.followers import points_of
from telephony.queries.text_ends import OurEnd
from telephony.queries.texting import shown_address
from telephony.text_states import TextChannel, TextFault, TextState

SOURCE = "wechat"


def new_writer(channel: str, theirs: str, end: OurEnd) -> Contact | None:
    """A contact for a follower of whom nothing is noted; numbers wait for an agent to say whose they are.

    The thread is locked. The platform tells no names: an agent asks.
    """
    if channel != TextChannel.WECHAT or points_of(theirs).exists():
        return None
    return create_contact(
        by=None,
        name=_("WeChat follower %(id)s") % {"id": shown_address(channel, theirs)},
        points=[NewPoint(ContactPoint.Kind.WECHAT, theirs, is_verified=True, source=SOURCE)],
        language=end.language,
        is_demo=end.is_demo,
    )


@transaction.atomic
def take_following(told: Following, *, now: datetime) -> None:
    """A customer follows us, or has left, in whatever order and however often that is told."""
    thread = lock_thread(told.channel, told.sender)
    if thread.followed_at is not None and told.at <= thread.followed_at:
        return
    thread.followed_at, thread.ours = told.at, told.recipient
    thread.opted_out_at = None if told.follows else (thread.opted_out_at or now)
    thread.save(update_fields=["followed_at", "ours", "opted_out_at"])
    audit.record("text.opted_in" if told.follows else "text.opted_out", thread, by=None)
    if not told.follows:
        stop_waiting(thread, now)


def stop_waiting(thread: TextThread, now: datetime) -> None:
    """What has not been begun stays unsent."""
    waiting = TextMessage.objects.filter(
        channel=thread.channel, theirs=thread.theirs, state=TextState.QUEUED, begun_at=None, provider_sid=""
    )
    for text_id in list(waiting.values_list("pk", flat=True)):
        rise(text_id, TextState.FAILED, code=TextFault.OPTED_OUT, now=now)
