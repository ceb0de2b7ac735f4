"""Group messages: written, started, paused, cancelled. Each message then waits in the outbox like any other."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from crmcore import clock, live
from crmcore.actions import audit
from crmcore.models import User
from crmcore.queries.rights import require_reach
from telephony.events import GroupTextChanged
from telephony.models import GroupText, TextMessage
from telephony.queries.group_texts import Recipient, recipients_of
from telephony.text_segments import segments_of
from telephony.text_states import TextChannel, TextFault, TextState

State = GroupText.State
AT_ONCE = 1000
MOVES = {
    State.PAUSED: (State.SENDING,),
    State.SENDING: (State.PAUSED,),
    State.CANCELLED: (State.SENDING, State.PAUSED),
}


class NobodyToWriteTo(Exception):
    """The segment holds nobody who could get the message."""


@transaction.atomic
def save_group_text(group: GroupText, *, by: User) -> GroupText:
    """Write a new draft or a changed one; what was started stays as it is."""
    is_new = group.pk is None
    if is_new:
        group.created_by, group.created_at = by, clock.now()
    elif GroupText.objects.select_for_update().get(pk=group.pk).state != State.DRAFT:
        return GroupText.objects.get(pk=group.pk)
    group.save()
    audit.record("group_text.created" if is_new else "group_text.changed", group, by=by)
    return group


@transaction.atomic
def start_group_text(group: GroupText, *, by: User) -> bool:
    """Put a message for everybody of the segment into the outbox; pressed twice, that is done once.

    Raises NobodyToWriteTo, PermissionDenied.
    """
    require_reach(by, "edit", group)
    locked = GroupText.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if locked.state != State.DRAFT:
        return False
    now, recipients = clock.now(), recipients_of(locked, by)
    if not recipients:
        raise NobodyToWriteTo
    texts = [_message(locked, recipient, by, now) for recipient in recipients]
    TextMessage.objects.bulk_create(texts, batch_size=AT_ONCE)
    GroupText.objects.filter(pk=locked.pk).update(state=State.SENDING, started_at=now)
    audit.record("group_text.started", locked, by=by, detail={"recipients": len(recipients)})
    tell_group(locked.pk)
    return True


@transaction.atomic
def move_group_text(group: GroupText, to: str, *, by: User) -> bool:
    """Pause, resume or cancel; False where it has moved on already. Raises PermissionDenied, KeyError."""
    require_reach(by, "edit", group)
    state = State(to)
    rows = GroupText.objects.filter(pk=group.pk, state__in=MOVES[state])
    now = clock.now()
    if not rows.update(state=state, ended_at=now if state == State.CANCELLED else None):
        return False
    if state == State.CANCELLED:
        unbegun = TextMessage.objects.filter(group=group, state=TextState.QUEUED, begun_at=None)
        unbegun.update(state=TextState.FAILED, error_code=TextFault.CANCELLED, settled_at=now, due_at=None)
    audit.record(f"group_text.{state}", group, by=by)
    tell_group(group.pk)
    return True


def finish_group_texts(now: datetime) -> None:
    """Those of which nothing waits any more are done."""
    waiting = TextMessage.objects.filter(group=OuterRef("pk"), state=TextState.QUEUED, begun_at=None)
    for group in GroupText.objects.filter(~Exists(waiting), state=State.SENDING):
        with transaction.atomic():
            if GroupText.objects.filter(pk=group.pk, state=State.SENDING).update(state=State.DONE, ended_at=now):
                tell_group(group.pk)


def tell_group(group_id: int) -> None:
    """Let the screens of a group message look again."""
    live.publish(f"grouptext:{group_id}", GroupTextChanged(group_id=group_id))


def _message(group: GroupText, recipient: Recipient, by: User, now: datetime) -> TextMessage:
    return TextMessage(
        public_id=uuid.uuid4(),
        direction=TextMessage.Direction.OUT,
        channel=TextChannel.SMS,
        ours=recipient.route.ours.address,
        theirs=recipient.number,
        contact_id=recipient.contact_id,
        account_id=recipient.account_id,
        by=by,
        body=group.text,
        segments=segments_of(group.text).count,
        state=TextState.QUEUED,
        provider=recipient.route.provider,
        group=group,
        created_at=now,
        due_at=now,
    )
