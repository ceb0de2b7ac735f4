"""A text message's way up its ladder: told to the screens, and to the ticket when it was lost."""

from datetime import datetime
from typing import Any

from django.db import transaction

from crmcore import live
from telephony.actions.group_texts import tell_group
from telephony.events import TextChanged
from telephony.models import TextMessage, TextThread
from telephony.text_states import LOST, SETTLED, below
from tickets.actions.replies import reply_lost


def lock_thread(channel: str, theirs: str) -> TextThread:
    """The row of a customer's number, locked. It comes before messages and tickets in the order of locks."""
    TextThread.objects.get_or_create(channel=channel, theirs=theirs)
    return TextThread.objects.select_for_update().get(channel=channel, theirs=theirs)


@transaction.atomic
def rise(text_id: int, state: str, *, now: datetime, code: str = "") -> bool:
    """Let a message of ours come further; false where it stands as high already. Order and repetition do not matter."""
    rows = TextMessage.objects.filter(pk=text_id, direction=TextMessage.Direction.OUT, state__in=below(state))
    changes: dict[str, Any] = {"state": state, "error_code": code if state in LOST else ""}
    if state in SETTLED:
        changes |= {"settled_at": now, "due_at": None}
    if not rows.update(**changes):
        return False
    text = TextMessage.objects.select_related("interaction").get(pk=text_id)
    if state in LOST and text.interaction is not None and text.ticket_id:
        reply_lost(text.interaction)
    tell(text)
    return True


def tell(text: TextMessage) -> None:
    """Let the screens that show this message look again."""
    if text.group_id:
        tell_group(text.group_id)
    if text.ticket_id:
        live.publish(f"ticket:{text.ticket_id}", TextChanged(text_id=text.pk, state=text.state))
