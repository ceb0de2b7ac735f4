"""The outbox of text messages: each goes to its carrier once, however often this runs or dies."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from crmcore import clock
from crmcore.actions.one_time_codes import CODE_PLACE, digits_of
from crmcore.models import ConsentKind
from crmcore.queries.consents import refusing_numbers
from telephony.actions.commands import ATTEMPTS
from telephony.actions.group_texts import finish_group_texts
from telephony.actions.text_states import lock_thread, rise
from telephony.models import GroupText, TextMessage
from telephony.providers.base import CarrierBusy, CarrierError
from telephony.providers.message_channel import DeliveryState, MessageChannel, OutboundMessage, TextRefused
from telephony.providers.registry import message_channel
from telephony.queries.campaign_targets import zones_for
from telephony.queries.texting import is_unwanted
from telephony.text_states import SETTLED, TextFault, TextState
from tickets.actions.interactions import log_interaction
from tickets.models import Interaction

log = structlog.get_logger(__name__)

AT_ONCE = 20
# A try that has not come back by then has died; what it did is looked up, for the carrier's books are slow.
LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=15)
# Waiting for a carrier with too much to do is nobody's failure, for so long.
LONGEST_PATIENCE = timedelta(hours=1)
# Without a report the carrier is asked, first after this, then less and less often, and at last not any more.
ASKED_AFTER = timedelta(minutes=2)
ASKED_FOR = timedelta(days=1)
UNSENT = Q(direction=TextMessage.Direction.OUT, state=TextState.QUEUED, provider_sid="")


def deliver_due_texts(now: datetime) -> None:
    """Send what waits and ask about what is silent. Group messages go at the desk's own pace and hold up no other."""
    due = TextMessage.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    for text in list(due.exclude(provider_sid="")[:AT_ONCE]):
        _ask(text, now)
    alone = due.filter(UNSENT, Q(group=None) | Q(begun_at__isnull=False))
    grouped = due.filter(UNSENT, group__state=GroupText.State.SENDING, begun_at=None)
    for rows, most in ((alone, AT_ONCE), (grouped, settings.TEXTS_PER_SECOND)):
        for text_id in list(rows.values_list("pk", flat=True)[:most]):
            deliver_text(text_id)
    finish_group_texts(now)


def deliver_text(text_id: int) -> None:
    """Send one message unless that was done, is being done, or must not be done any more."""
    text = _claim(text_id, clock.now())
    if text is None:
        return
    carrier = message_channel(text.provider)
    message = _outgoing(text)
    try:
        report = _found(carrier, message) if text.attempts else None
        report = report or carrier.send_text(message)
    except TextRefused as refused:
        rise(text.pk, TextState.FAILED, code=refused.code, now=clock.now())
    except CarrierError as error:
        _postpone(text, error, clock.now())
    else:
        take_report(text.pk, report, now=clock.now())


@transaction.atomic
def take_report(text_id: int, report: DeliveryState, *, now: datetime) -> None:
    """The carrier has the message and says how far it is; whoever tells first tells its name."""
    unnamed = TextMessage.objects.filter(pk=text_id, provider_sid="")
    is_over = report.is_last or report.state in SETTLED
    unnamed.update(provider_sid=report.sid, due_at=None if is_over else now + ASKED_AFTER)
    rise(text_id, report.state, code=report.error_code, now=now)


@transaction.atomic
def _claim(text_id: int, now: datetime) -> TextMessage | None:
    """The message, marked as begun; None where it is not to be sent now. What the customer wants is asked here."""
    found = TextMessage.objects.filter(UNSENT, pk=text_id).first()
    if found is None:
        return None
    thread = lock_thread(found.channel, found.theirs)
    free = Q(begun_at=None) | Q(due_at__lte=now)
    shown_with = ("template", "group", "contact", "account__region", "by", "code")
    rows = TextMessage.objects.select_for_update(of=("self",)).select_related(*shown_with)
    text = rows.filter(UNSENT, free, pk=text_id).first()
    if text is None:
        return None
    if text.code is not None and text.code.expires_at <= now:
        rise(text.pk, TextState.FAILED, code=TextFault.TOO_LATE, now=now)
        return None
    if text.begun_at is None and text.group is not None and not _may_go(text, text.group, now):
        return None
    is_refused = thread.opted_out_at is not None or is_unwanted(text.channel, text.theirs)
    is_refused = is_refused or (text.group is not None and bool(refusing_numbers([text.theirs], ConsentKind.SMS)))
    if text.begun_at is None and is_refused and not text.is_automatic:
        rise(text.pk, TextState.FAILED, code=TextFault.OPTED_OUT, now=now)
        return None
    if text.begun_at is None and text.template is None and not thread.takes_free_text(now):
        rise(text.pk, TextState.FAILED, code=thread.rules.closed_meanwhile, now=now)
        return None
    is_first, text.begun_at, text.due_at = text.begun_at is None, text.begun_at or now, now + LEASE
    text.attempts += not is_first
    if is_first and text.group is not None:
        text.interaction = _logged(text)
    text.save(update_fields=["begun_at", "due_at", "attempts", "interaction"])
    return text


def _may_go(text: TextMessage, group: GroupText, now: datetime) -> bool:
    """Whether a message to many may go to this one now; at night it waits for the recipient's morning."""
    if not GroupText.objects.filter(pk=group.pk, state=GroupText.State.SENDING).exists():
        return False
    morning = group.window.next_opening(zones_for(text.theirs, text.contact, text.account), now)
    if morning == now:
        return True
    # Zones whose hours never meet leave no moment: asked again tomorrow, when summer time may have ended.
    TextMessage.objects.filter(pk=text.pk).update(due_at=morning or now + timedelta(days=1))
    return False


def _logged(text: TextMessage) -> Interaction:
    """A message to many belongs to the customer's history once it goes out."""
    return log_interaction(
        ticket=None,
        account=text.account,
        contact=text.contact,
        channel=text.channel,
        direction=Interaction.Direction.OUT,
        body=text.body,
        is_public=True,
        by=text.by,
        reference=f"text:{text.public_id}",
    )


def _outgoing(text: TextMessage) -> OutboundMessage:
    return OutboundMessage(
        public_id=str(text.public_id),
        channel=text.channel,
        sender=text.ours,
        recipient=text.theirs,
        body=text.body.replace(CODE_PLACE, digits_of(text.code)) if text.code else text.body,
        content_sid=text.template.content_sid if text.template else "",
        variables=tuple(text.variables),
        begun_at=text.begun_at,
    )


def _found(carrier: MessageChannel, message: OutboundMessage) -> DeliveryState | None:
    """What an earlier try of unknown end left at the carrier, unless another message of ours is called so."""
    reports = carrier.look_for_text(message)
    names = [report.sid for report in reports]
    taken = TextMessage.objects.filter(provider=carrier.code, provider_sid__in=names)
    known = set(taken.values_list("provider_sid", flat=True))
    return next((report for report in reports if report.sid not in known), None)


def _postpone(text: TextMessage, error: CarrierError, now: datetime) -> None:
    log.warning("telephony.text_not_sent", text_id=text.pk, error=str(error))
    waited = now - text.created_at
    is_untaken = isinstance(error, CarrierBusy)
    has_patience = is_untaken and waited < LONGEST_PATIENCE
    if (is_untaken or text.attempts + 1 >= ATTEMPTS) and not has_patience:
        rise(text.pk, TextState.FAILED, code=TextFault.GAVE_UP, now=now)
        return
    pause = max(FIRST_PAUSE, waited / 2) if has_patience else FIRST_PAUSE * 2**text.attempts
    attempts = max(0, text.attempts - 1) if has_patience else text.attempts
    # What was surely not taken has not begun: the customer may still leave, and the window close.
    begun_at = None if is_untaken and not text.attempts and text.group_id is None else text.begun_at
    rows = TextMessage.objects.filter(UNSENT, pk=text.pk)
    rows.update(due_at=now + pause, attempts=attempts, begun_at=begun_at)


def _ask(text: TextMessage, now: datetime) -> None:
    """No report has come for a while: what do the carrier's books say?"""
    age = now - (text.begun_at or text.created_at)
    again = now + max(ASKED_AFTER, age) if age < ASKED_FOR else None
    if not TextMessage.objects.filter(pk=text.pk, due_at=text.due_at).update(due_at=again):
        return
    carrier = message_channel(text.provider)
    try:
        report = carrier.text_report(text.provider_sid)
    except CarrierError as error:
        log.warning("telephony.text_not_looked_up", text_id=text.pk, error=str(error))
        return
    if report is not None:
        rise(text.pk, report.state, code=report.error_code, now=now)
